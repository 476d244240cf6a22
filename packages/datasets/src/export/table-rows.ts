import type { DatasetItem } from '@probity/core/schemas/dataset-version';

export type CsvRow = Readonly<Record<string, string | number | undefined>>;

/** Columns of every export's table after those that name files and labels. */
const SHARED_COLUMNS = ['group', 'role', 'origin', 'round', 'confidence', 'decided', 'volume', 'slice', 'slice_count'];

/** What an import reads back of an item, beside its files. */
export function sharedCells(
  { group, role, label, volume, attributes }: DatasetItem,
  reserved: readonly string[],
): CsvRow {
  const { origin, round, confidence, decided } = label ?? {};
  const place = volume === undefined ? {} : { volume: volume.id, slice: volume.slice, slice_count: volume.sliceCount };
  const named = Object.entries(attributes).map(([name, value]) => [attributeColumn(name, reserved), value]);
  return { group, role, origin, round, confidence, decided, ...place, ...Object.fromEntries(named) };
}

/** All columns, those of attributes in alphabetical order. */
export function tableColumns(items: readonly DatasetItem[], reserved: readonly string[]): string[] {
  const attributes = new Set(items.flatMap((item) => Object.keys(item.attributes)));
  return [...reserved, ...SHARED_COLUMNS, ...[...attributes].sort().map((name) => attributeColumn(name, reserved))];
}

/** An attribute must not pass for a column with a meaning. */
const attributeColumn = (name: string, reserved: readonly string[]): string =>
  [...reserved, ...SHARED_COLUMNS].includes(name) ? `attribute_${name}` : name;
