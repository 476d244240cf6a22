import type { Calibration, MemberScore, ScoreDifference } from '../schemas/round-artifacts.js';

/** How far a cheaper prediction may be from the whole one, up or down, in every foreground class. */
export const SCORE_BAND = { dice: 0.005, brier: 0.001 } as const;

/**
 * What changes out of fold from one calibration of a round to another, a foreground class each: mean Dice of the members,
 * and the Brier score behind the maps; `to` minus `from`.
 */
export const scoreDifferences = (from: Calibration, to: Calibration): ScoreDifference[] =>
  from.report.map(({ classIndex, members, after }, i) => {
    const other = to.report[i]!;
    return {
      classIndex,
      dice: meanDice(other.members) - meanDice(members),
      brier: other.after.brier.value - after.brier.value,
    };
  });

/** A member that rightly sees the class nowhere scores 1. */
const meanDice = (members: readonly MemberScore[]): number =>
  members.reduce((sum, { dice }) => sum + (dice?.value ?? 1), 0) / members.length;

export const isWithinBand = (differences: readonly ScoreDifference[]): boolean =>
  differences.every(({ dice, brier }) => Math.abs(dice) <= SCORE_BAND.dice && Math.abs(brier) <= SCORE_BAND.brier);

export const differencesText = (differences: readonly ScoreDifference[]): string =>
  differences
    .map(
      ({ classIndex, dice, brier }) =>
        `class ${classIndex} changed by ${dice.toFixed(4)} in Dice (at most ${SCORE_BAND.dice}) and ${brier.toFixed(4)} in Brier score (at most ${SCORE_BAND.brier})`,
    )
    .join('; ');
