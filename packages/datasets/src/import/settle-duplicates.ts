import type { SetAside } from '@probity/core/schemas/dataset-version';
import type { CheckedItem } from './check-entries.js';
import { compare, type ImportFault } from './import-fault.js';

export const DUPLICATE_POLICIES = ['refuse', 'merge-groups', 'keep-first'] as const;
/** What becomes of pixel-identical images in different groups. */
export type DuplicatePolicy = (typeof DUPLICATE_POLICIES)[number];

export interface SettledDuplicates {
  readonly faults: readonly ImportFault[];
  /** Group → the group that it became part of. */
  readonly mergedGroups: ReadonlyMap<string, string>;
  readonly dropped: readonly SetAside[];
  readonly remarks: readonly string[];
}

/** An image that stands in two groups would be learnt from in one fold and tested in another. */
export function settleDuplicates(items: readonly CheckedItem[], policy: DuplicatePolicy): SettledDuplicates {
  const byPixels = new Map<string, CheckedItem[]>();
  for (const item of items) {
    if (item.isConstant) continue;
    const same = byPixels.get(item.pixelDigest);
    if (same === undefined) byPixels.set(item.pixelDigest, [item]);
    else same.push(item);
  }
  const sets = [...byPixels.values()].filter((same) => new Set(same.map(({ group }) => group)).size > 1);
  const nothing = { faults: [], mergedGroups: new Map<string, string>(), dropped: [], remarks: [] };
  if (sets.length === 0) return nothing;
  switch (policy) {
    case 'refuse':
      return { ...nothing, faults: sets.map(faultOf) };
    case 'keep-first': {
      const dropped = sets.flatMap(([first, ...others]) =>
        others.map(({ id }) => ({ id, reason: `its pixels are those of "${first!.id}", which is kept` })),
      );
      return { ...nothing, dropped, remarks: [`${dropped.length} images repeat another one and were set aside`] };
    }
    case 'merge-groups': {
      const mergedGroups = mergeGroups(sets);
      return {
        ...nothing,
        mergedGroups,
        remarks: [`${mergedGroups.size} groups became part of another with which they share an image`],
      };
    }
  }
}

function faultOf([first, ...others]: readonly CheckedItem[]): ImportFault {
  const message = `the pixels of ${named(first!)} are those of ${others.map(named).join(' and ')}; use --duplicates merge-groups or keep-first`;
  return { kind: 'duplicate-image', file: first!.entry.image, message };
}

const named = ({ entry, id, group }: CheckedItem): string => `"${id}" (${entry.image}, group "${group}")`;

/** Connected groups get the name that comes first. */
function mergeGroups(sets: readonly (readonly CheckedItem[])[]): Map<string, string> {
  const parent = new Map<string, string>();
  const rootOf = (group: string): string => {
    let root = group;
    while (parent.has(root)) root = parent.get(root)!;
    return root;
  };
  for (const same of sets) {
    const [first, ...others] = [...new Set(same.map(({ group }) => rootOf(group)))].sort(compare);
    for (const other of others) parent.set(other, first!);
  }
  return new Map([...parent.keys()].map((group) => [group, rootOf(group)]));
}
