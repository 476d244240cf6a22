import { ProbityError, requireInput } from '../errors.js';
import { createRandom } from '../numerics/random.js';

/** Orders of the groups that are tried. The greedy step is good on its own; the rest buys coverage in tight cases. */
const ATTEMPTS = 32;

export interface FoldItem {
  readonly group: string;
  /** Indices of the classes that the item's label shows. */
  readonly classes: readonly number[];
}

export interface NamedClass {
  readonly index: number;
  readonly name: string;
}

export interface FoldRequest {
  readonly items: readonly FoldItem[];
  readonly foldCount: number;
  readonly seed: number;
  /** What each fold should hold: the foreground classes of a segmentation, every class of a classification. */
  readonly classes: readonly NamedClass[];
}

export interface Folds {
  readonly count: number;
  /** 0-based fold of each group, keys in ascending order. */
  readonly byGroup: Record<string, number>;
  /** What a fold lacks, e.g. `fold 2 has no "cyst"`. Empty where every fold holds every class. */
  readonly remarks: string[];
}

interface Group {
  readonly name: string;
  readonly size: number;
  readonly classes: ReadonlySet<number>;
}

interface Fold {
  itemCount: number;
  readonly classes: Set<number>;
}

/**
 * Splits labelled items into folds so that no group stands in two of them, each fold's held-out part holds every
 * class where that is possible, and the folds hold about the same number of items.
 *
 * Greedy: the rarest class first, one group of it for each fold that lacks it, the smallest such fold first; then the
 * remaining groups, largest first, to the smallest fold. Repeated for several seeded orders of the groups; the fewest
 * lacks win, then the smallest difference in size, then the earlier order. The optimum is a packing problem and is not
 * promised. The result depends on the seed and on the items, not on their order.
 * Cost: O(32 · groups · (classes + folds)).
 *
 * @throws {ProbityError} `SPLIT_IMPOSSIBLE` where there are fewer groups than folds; `INVALID_INPUT` for fewer than two folds.
 */
export function splitIntoFolds({ items, foldCount, seed, classes }: FoldRequest): Folds {
  requireInput(
    Number.isInteger(foldCount) && foldCount >= 2,
    `Cannot split into folds: ${foldCount} folds, must be 2 or more`,
  );
  const groups = gatherGroups(items);
  if (groups.length < foldCount) {
    throw new ProbityError(
      'SPLIT_IMPOSSIBLE',
      `Cannot split ${groups.length} labelled ${groups.length === 1 ? 'group' : 'groups'} into ${foldCount} folds: ` +
        `each fold needs a group of its own. Ask for fewer folds or label more groups`,
      { details: { groupCount: groups.length, foldCount } },
    );
  }
  let best: Assignment | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const order = createRandom(seed, 'folds', attempt).shuffled(groups);
    const assignment = assign(order, { foldCount, classes });
    if (best === undefined || isBetter(assignment, best)) best = assignment;
  }
  const { foldOf, folds } = best!;
  return {
    count: foldCount,
    byGroup: Object.fromEntries(groups.map(({ name }) => [name, foldOf.get(name)!])),
    remarks: remarksOn(folds, classes),
  };
}

function gatherGroups(items: readonly FoldItem[]): Group[] {
  const byName = new Map<string, { size: number; classes: Set<number> }>();
  for (const { group, classes } of items) {
    const found = byName.get(group) ?? { size: 0, classes: new Set() };
    found.size += 1;
    for (const classIndex of classes) found.classes.add(classIndex);
    byName.set(group, found);
  }
  const groups = [...byName].map(([name, { size, classes }]) => ({ name, size, classes }));
  return groups.sort((a, b) => (a.name < b.name ? -1 : 1)); // the order of the items must not matter
}

interface Assignment {
  readonly foldOf: ReadonlyMap<string, number>;
  readonly folds: readonly Fold[];
  readonly lacks: number;
  readonly spread: number;
}

function assign(
  order: readonly Group[],
  { foldCount, classes }: { foldCount: number; classes: readonly NamedClass[] },
): Assignment {
  const foldOf = new Map<string, number>();
  const folds = Array.from({ length: foldCount }, (): Fold => ({ itemCount: 0, classes: new Set() }));
  const place = (group: Group, candidates: readonly Fold[]) => {
    const fold = candidates.reduce((least, other) => (other.itemCount < least.itemCount ? other : least));
    foldOf.set(group.name, folds.indexOf(fold));
    fold.itemCount += group.size;
    for (const classIndex of group.classes) fold.classes.add(classIndex);
  };
  const largestFirst = order.toSorted((a, b) => b.size - a.size);
  const groupCount = (classIndex: number) => order.filter((group) => group.classes.has(classIndex)).length;
  const rarestFirst = classes.map(({ index }) => index).sort((a, b) => groupCount(a) - groupCount(b) || a - b);
  for (const classIndex of rarestFirst) {
    for (const group of order) {
      if (foldOf.has(group.name) || !group.classes.has(classIndex)) continue;
      const lacking = folds.filter((fold) => !fold.classes.has(classIndex));
      if (lacking.length === 0) break;
      place(group, lacking);
    }
  }
  for (const group of largestFirst) if (!foldOf.has(group.name)) place(group, folds);
  const sizes = folds.map(({ itemCount }) => itemCount);
  const lacks = folds.reduce((sum, fold) => sum + classes.filter(({ index }) => !fold.classes.has(index)).length, 0);
  return { foldOf, folds, lacks, spread: Math.max(...sizes) - Math.min(...sizes) };
}

function isBetter(candidate: Assignment, best: Assignment): boolean {
  return candidate.lacks < best.lacks || (candidate.lacks === best.lacks && candidate.spread < best.spread);
}

function remarksOn(folds: readonly Fold[], classes: readonly NamedClass[]): string[] {
  return classes.flatMap(({ index, name }) => {
    if (folds.every((fold) => !fold.classes.has(index))) return [`no fold has "${name}"`];
    return folds.flatMap((fold, i) => (fold.classes.has(index) ? [] : [`fold ${i} has no "${name}"`]));
  });
}
