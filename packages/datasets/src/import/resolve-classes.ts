import { requireInput } from '@probity/core/errors';
import type { CheckedItem } from './check-entries.js';
import type { ImportFault } from './import-fault.js';
import type { SourceListing } from './source-listing.js';

export const MASK_VALUES = ['class-index', 'any-foreground'] as const;
/** `class-index`: a pixel is the index of its class; `any-foreground`: every value above 0 is class 1. */
export type MaskValues = (typeof MASK_VALUES)[number];

/** Without names, more classes than these are taken for a map of objects. */
const UNNAMED_CLASSES_MAX = 16;
const VALUES_SHOWN = 5;

export interface ClassChoice {
  /** From the command line; they win over names found in the folder. */
  readonly classes?: readonly string[] | undefined;
  readonly maskValues: MaskValues;
}

export interface ResolvedClasses {
  readonly classes: string[];
  readonly faults: readonly ImportFault[];
}

/** Names of the classes, and every label that is none of them. */
export function resolveClasses(
  listing: SourceListing,
  items: readonly CheckedItem[],
  choice: ClassChoice,
): ResolvedClasses {
  const given = choice.classes ?? listing.classNames;
  if (given !== undefined) {
    requireInput(
      given.length >= 2 && given.length <= 255,
      `Cannot use ${given.length} class names: must be 2 to 255, background included`,
    );
    requireInput(
      new Set(given).size === given.length,
      `Cannot use class names ${given.join(', ')}: one is named twice`,
    );
  }
  return listing.task === 'classification'
    ? namedClasses(items, given)
    : maskClasses(items, { ...choice, classes: given });
}

function namedClasses(items: readonly CheckedItem[], given: readonly string[] | undefined): ResolvedClasses {
  const classes = [...(given ?? [])];
  const faults = items.flatMap(({ entry: { className, image } }): ImportFault[] =>
    className === undefined || classes.includes(className)
      ? []
      : [
          {
            kind: 'unknown-class',
            file: image,
            message: `class "${className}" is unknown; classes are ${classes.join(', ')}`,
          },
        ],
  );
  if (classes.length >= 2) return { classes, faults };
  const message = `there is only one class, ${classes[0] ?? 'none'}; two are needed`;
  return { classes, faults: [...faults, { kind: 'unknown-class', file: '.', message }] };
}

function maskClasses(items: readonly CheckedItem[], { classes: given, maskValues }: ClassChoice): ResolvedClasses {
  if (maskValues === 'any-foreground') {
    requireInput(
      given === undefined || given.length === 2,
      'Cannot use any-foreground with these class names: must be two, background and foreground',
    );
    return { classes: [...(given ?? ['background', 'foreground'])], faults: [] };
  }
  const values = new Set(items.flatMap(({ values: counts }) => [...(counts?.keys() ?? [])]));
  const count = given?.length ?? contiguousCount(values);
  const isUnknown = (value: number) => value >= count;
  const hint =
    given === undefined
      ? '; name the classes, or use --mask-values any-foreground if every value above 0 is one class'
      : '';
  const faults = items.flatMap(({ entry, values: counts = new Map<number, number>() }): ImportFault[] => {
    const unknown = [...counts].filter(([value]) => isUnknown(value));
    if (unknown.length === 0) return [];
    const shown = unknown.slice(0, VALUES_SHOWN).map(([value, pixels]) => `${value} (${pixels} pixels)`);
    const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : '';
    return [
      {
        kind: 'unknown-class',
        file: entry.mask!,
        message: `values ${shown.join(', ')}${more} are no classes, which are 0 to ${count - 1}${hint}`,
      },
    ];
  });
  return { classes: [...(given ?? unnamed(count))], faults: mergeByFile(faults) };
}

/** How many values count on from 0 without a gap: 255 after 0 and 1 is not a class that nobody named. */
function contiguousCount(values: ReadonlySet<number>): number {
  let count = 1;
  while (count < UNNAMED_CLASSES_MAX && values.has(count)) count++;
  return Math.max(2, count);
}

const unnamed = (count: number): string[] =>
  count === 2
    ? ['background', 'foreground']
    : ['background', ...Array.from({ length: count - 1 }, (_, i) => `class-${i + 1}`)];

/** Slices of one volume have one file; its first faulty slice speaks for it. */
function mergeByFile(faults: readonly ImportFault[]): ImportFault[] {
  return [...new Map(faults.toReversed().map((fault) => [fault.file, fault])).values()].reverse();
}
