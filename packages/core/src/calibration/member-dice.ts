import { bootstrapMean } from '../metrics/bootstrap-over-groups.js';
import { diceOf, type Overlap } from '../metrics/overlap.js';
import { hasVote } from './pattern-counts.js';
import type { Interval, ItemEvidence, MemberScore } from '../schemas/round-artifacts.js';

/** Less than this is noise among the few groups of a campaign. */
const WORTH_MOVING_FOR = 0.01;

interface Members {
  readonly classIndex: number;
  readonly operatingPoints: readonly number[];
  readonly seed: number;
}

/**
 * Dice out of fold of the members at each operating point, for one foreground class: mean over groups, pixels of a group
 * pooled. A group without the class on either side is left out; `undefined` where that leaves none.
 */
export function memberDice(
  items: readonly ItemEvidence[],
  { classIndex, operatingPoints, seed }: Members,
): MemberScore[] {
  const groups = [...new Set(items.map(({ group }) => group))].sort();
  const itemsOf = groups.map((name) => items.filter(({ group }) => group === name));
  return operatingPoints.map((operatingPoint, member) => {
    const scores = itemsOf.flatMap((group) => diceOf(overlapOf(group, { classIndex, member })) ?? []);
    const dice: Interval | undefined = scores.length === 0 ? undefined : bootstrapMean(scores, seed);
    return { operatingPoint, ...(dice && { dice }) };
  });
}

/**
 * The offset of the member with the best Dice out of fold: a centre moved by it would make that member the middle one
 * (Buddenkotte et al. 2023). 0 where the middle is as good, within 0.01; the middle is the member nearest to offset 0.
 */
export function centreShift(members: readonly MemberScore[]): number {
  const known = members.flatMap(({ operatingPoint, dice }) => (dice ? [{ operatingPoint, dice: dice.value }] : []));
  const middle = known.toSorted((a, b) => Math.abs(a.operatingPoint) - Math.abs(b.operatingPoint))[0];
  const best = known.toSorted((a, b) => b.dice - a.dice)[0];
  return best && middle && best.dice - middle.dice >= WORTH_MOVING_FOR ? best.operatingPoint : 0;
}

function overlapOf(
  items: readonly ItemEvidence[],
  { classIndex, member }: { classIndex: number; member: number },
): Overlap {
  const overlap = { intersection: 0, predicted: 0, truth: 0 };
  for (const { classes } of items) {
    const patterns = classes.find((evidence) => evidence.classIndex === classIndex)?.patterns ?? [];
    for (const [pattern, count, trueCount] of patterns) {
      overlap.truth += trueCount;
      if (!hasVote(pattern, member)) continue;
      overlap.predicted += count;
      overlap.intersection += trueCount;
    }
  }
  return overlap;
}
