import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import type { CheckedItem } from './check-entries.js';
import type { ImportLayout } from './source-listing.js';

export interface ImportSummary {
  readonly layout: ImportLayout;
  readonly itemCount: number;
  readonly labelledCount: number;
  readonly groupCount: number;
  readonly setAsideCount: number;
  /** Items whose label shows the class. */
  readonly classes: readonly { readonly name: string; readonly itemCount: number }[];
  readonly widthMin: number;
  readonly widthMax: number;
  readonly heightMin: number;
  readonly heightMax: number;
  /** Items with colour. */
  readonly colourCount: number;
  /** What was decided without being asked. */
  readonly remarks: readonly string[];
}

interface ImportFacts {
  readonly layout: ImportLayout;
  readonly remarks: readonly string[];
  readonly checked: readonly CheckedItem[];
}

/** What a person wants to see right after an import. */
export function summariseImport(
  { items, classes, setAside }: DatasetVersion,
  { layout, remarks, checked }: ImportFacts,
): ImportSummary {
  const shown = items.map(({ label }) =>
    label === undefined ? [] : label.kind === 'mask' ? label.classes : [label.classIndex],
  );
  const least = (pick: (item: CheckedItem) => number) =>
    checked.reduce((value, item) => Math.min(value, pick(item)), Infinity);
  const greatest = (pick: (item: CheckedItem) => number) =>
    checked.reduce((value, item) => Math.max(value, pick(item)), 0);
  return {
    layout,
    itemCount: items.length,
    labelledCount: items.filter(({ label }) => label !== undefined).length,
    groupCount: new Set(items.map(({ group }) => group)).size,
    setAsideCount: setAside.length,
    classes: classes.map((name, index) => ({
      name,
      itemCount: shown.filter((indices) => indices.includes(index)).length,
    })),
    widthMin: least(({ width }) => width),
    widthMax: greatest(({ width }) => width),
    heightMin: least(({ height }) => height),
    heightMax: greatest(({ height }) => height),
    colourCount: checked.filter(({ channels }) => channels === 3).length,
    remarks,
  };
}
