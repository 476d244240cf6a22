import { ProbityError, requireInput } from '../errors.js';

/** Rounding must not refuse 0.05 where 19 groups allow exactly 1/20. */
const ROUNDING = 1e-12;

/**
 * The smallest error that can be promised with n labelled groups: 1/(n + 1). Whatever the predictions are, the group
 * that is still unseen may be the worst of all.
 *
 * @see Angelopoulos et al. 2024, Conformal Risk Control, arXiv:2208.02814, theorem 1
 */
export function promiseLimit(groupCount: number): number {
  requireInput(
    Number.isInteger(groupCount) && groupCount >= 0,
    `Cannot promise an error: ${groupCount} is no number of groups`,
  );
  return 1 / (groupCount + 1);
}

/** The number of labelled groups from which on `errorMax` can be promised. */
export function groupsNeeded(errorMax: number): number {
  return Math.ceil(1 / errorMax - 1 - ROUNDING);
}

/** @throws {ProbityError} `PROMISE_IMPOSSIBLE`, saying what can be promised and how many groups it would take. */
export function requirePromise(errorMax: number, groupCount: number): void {
  const limit = promiseLimit(groupCount);
  if (errorMax >= limit - ROUNDING) return;
  throw new ProbityError(
    'PROMISE_IMPOSSIBLE',
    `Cannot promise an error of at most ${errorMax}: with ${groupCount} labelled ${groupCount === 1 ? 'group' : 'groups'} ` +
      `no less than ${roundedUp(limit)} can be promised. Set selection.thresholds.errorMax to ${roundedUp(limit)} or more, ` +
      `label at least ${groupsNeeded(errorMax)} groups, or use fixed thresholds`,
    { details: { errorMax, groupCount, errorMin: limit, groupsNeeded: groupsNeeded(errorMax) } },
  );
}

function roundedUp(value: number): number {
  return Math.ceil(value * 1000 - ROUNDING) / 1000;
}
