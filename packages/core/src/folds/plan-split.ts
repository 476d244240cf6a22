import { ProbityError } from '../errors.js';
import { createRandom } from '../numerics/random.js';
import type { CampaignSpec } from '../schemas/campaign-spec.js';
import { nearestWord } from '../schemas/nearest-word.js';

/** Draws of groups that are tried when a number of them is asked for, to find one that shows every class. */
const DRAWS = 32;

export interface SplitItem {
  readonly id: string;
  readonly group: string;
  readonly hasLabel: boolean;
  /** Indices of the classes that the label shows; empty without a label. */
  readonly classes: readonly number[];
}

export interface SplitRequest {
  readonly items: readonly SplitItem[];
  readonly split: CampaignSpec['split'];
  readonly seed: number;
}

/** Item ids, each list in the order of the items. */
export interface CampaignSplit {
  readonly labelled: string[];
  readonly test: string[];
  /** Labels that pool items may have are hidden: the campaign never reads them. */
  readonly pool: string[];
  /** Items without labels in test groups: they can score nothing, and in the pool they would leak. */
  readonly leftOut: string[];
}

/**
 * Decides which items teach, which are locked away for the test, and which are the pool.
 *
 * The test set is made of whole groups: none of their items is labelled or in the pool. Groups are drawn among those
 * that have labels; of several seeded draws the first that shows most classes is taken. A group of the labelled part
 * may also hold items without labels: these are in the pool, and their pseudo-labels never teach the fold that holds
 * the group out. `given` takes every label outside the test set.
 * The result depends on the seed and on the items, not on their order.
 *
 * @throws {ProbityError} `SPLIT_IMPOSSIBLE` for groups that do not exist, have no labels, are named twice, or are too
 *   few; `POOL_EMPTY` where nothing is left to label.
 */
export function planSplit({ items, split, seed }: SplitRequest): CampaignSplit {
  requireKnownGroups(items, split);
  const labelledItems = items.filter(({ hasLabel }) => hasLabel);
  const candidates = [...new Set(labelledItems.map(({ group }) => group))].sort();
  const classesOf = (group: string) =>
    labelledItems.filter((item) => item.group === group).flatMap(({ classes }) => classes);
  const named = Array.isArray(split.labelled) ? split.labelled : [];
  requireEnough(candidates, split);

  const draw = (part: 'test' | 'labelled', { from, count }: { from: readonly string[]; count: number }) =>
    drawGroups({ from, count, classesOf, streams: [seed, part] });
  const test = new Set(
    Array.isArray(split.test)
      ? split.test
      : draw('test', { from: candidates.filter((group) => !named.includes(group)), count: split.test }),
  );
  const remaining = candidates.filter((group) => !test.has(group));
  const labelled = new Set(
    split.labelled === 'given'
      ? remaining
      : Array.isArray(split.labelled)
        ? named
        : draw('labelled', { from: remaining, count: split.labelled }),
  );

  const ids = (chosen: (item: SplitItem) => boolean) => items.filter(chosen).map(({ id }) => id);
  const isTaught = ({ group, hasLabel }: SplitItem) => hasLabel && labelled.has(group);
  const result = {
    labelled: ids(isTaught),
    test: ids(({ group, hasLabel }) => hasLabel && test.has(group)),
    pool: ids((item) => !test.has(item.group) && !isTaught(item)),
    leftOut: ids(({ group, hasLabel }) => !hasLabel && test.has(group)),
  };
  requirePool(result, split);
  return result;
}

interface Draw {
  readonly from: readonly string[];
  readonly count: number;
  readonly classesOf: (group: string) => readonly number[];
  readonly streams: readonly [seed: number, part: string];
}

function drawGroups({ from, count, classesOf, streams }: Draw): readonly string[] {
  let best: readonly string[] = [];
  let shownMax = -1;
  for (let attempt = 0; attempt < DRAWS; attempt++) {
    const drawn = createRandom(...streams, 'split', attempt)
      .shuffled(from)
      .slice(0, count);
    const shown = new Set(drawn.flatMap(classesOf)).size;
    if (shown > shownMax) {
      best = drawn;
      shownMax = shown;
    }
  }
  return best;
}

function requireKnownGroups(items: readonly SplitItem[], split: CampaignSpec['split']): void {
  const known = [...new Set(items.map(({ group }) => group))].sort();
  const withLabels = new Set(items.filter(({ hasLabel }) => hasLabel).map(({ group }) => group));
  const named = [split.labelled, split.test].flatMap((part) => (Array.isArray(part) ? part : []));

  const unknown = named.filter((group) => !known.includes(group));
  if (unknown.length > 0) {
    const hints = unknown.map((group) => {
      const nearest = nearestWord(group, known);
      return nearest === undefined ? `"${group}"` : `"${group}" (did you mean "${nearest}"?)`;
    });
    refuse(`no group ${hints.join(', ')}. The data set has ${known.length} groups: ${listed(known)}`);
  }
  const twice = [...new Set(named.filter((group, i) => named.indexOf(group) !== i))];
  if (twice.length > 0) refuse(`${listed(twice)} named twice. A group is labelled or locked as test, not both`);
  const bare = named.filter((group) => !withLabels.has(group));
  if (bare.length > 0) refuse(`no item of ${listed(bare)} has a label. Name groups that have labels`);
}

function requireEnough(candidates: readonly string[], split: CampaignSpec['split']): void {
  const size = (part: number | string[]) => (Array.isArray(part) ? part.length : part);
  const testCount = size(split.test);
  const labelledCount = split.labelled === 'given' ? 1 : size(split.labelled);
  if (testCount + labelledCount <= candidates.length) return;
  const wanted = split.labelled === 'given' ? 'at least 1 labelled group' : `${labelledCount} labelled`;
  refuse(
    `${wanted} and ${testCount} test are wanted, ${candidates.length} groups have labels. Ask for fewer or label more groups`,
    { groupCount: candidates.length, labelledCount, testCount },
  );
}

function requirePool({ pool, labelled, test }: CampaignSplit, split: CampaignSpec['split']): void {
  if (pool.length > 0) return;
  const advice =
    split.labelled === 'given'
      ? 'Every item has a label: set split.labelled to a number of groups, so that other labels are hidden, or import items without labels'
      : 'Name fewer labelled or test groups, or import items without labels';
  throw new ProbityError('POOL_EMPTY', `Cannot split data set: no items are left for the pool. ${advice}`, {
    details: { labelledCount: labelled.length, testCount: test.length },
  });
}

function refuse(found: string, details: Record<string, number> = {}): never {
  throw new ProbityError('SPLIT_IMPOSSIBLE', `Cannot split data set: ${found}`, { details });
}

function listed(groups: readonly string[]): string {
  const shown = groups.slice(0, 20).map((group) => `"${group}"`);
  return groups.length > shown.length
    ? `${shown.join(', ')} and ${groups.length - shown.length} more`
    : shown.join(', ');
}
