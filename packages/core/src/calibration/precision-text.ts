import type { PrecisionChoice } from '../schemas/round-artifacts.js';

/** How far predictions in 8 bits may be from those in float32, up or down, in every foreground class. */
export const PRECISION_BAND = { dice: 0.005, brier: 0.001 } as const;

/** What a round of which 8 bits were asked for was predicted in, and why: the end of a sentence that begins with the round. */
export function precisionText(choice: PrecisionChoice): string {
  if (choice.used === 'int8') return `predicted with convolutions in 8 bits: ${differencesText(choice)}`;
  const why =
    choice.reason === 'engine-without'
      ? 'not every worker that predicted out of fold has them'
      : differencesText(choice);
  return `predicted in float32 and not in 8 bits: ${why}`;
}

const differencesText = ({ differences }: PrecisionChoice): string =>
  differences
    .map(
      ({ classIndex, dice, brier }) =>
        `class ${classIndex} changed by ${dice.toFixed(4)} in Dice (at most ${PRECISION_BAND.dice}) and ${brier.toFixed(4)} in Brier score (at most ${PRECISION_BAND.brier})`,
    )
    .join('; ');

/** A sentence about a round in which predictions in 8 bits were asked for and not used. */
export const precisionRemarks = ({ precision }: { precision?: PrecisionChoice | undefined }, round: number): string[] =>
  precision?.used === 'float32' ? [`round ${round} ${precisionText(precision)}`] : [];
