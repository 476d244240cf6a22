import { baseName, duplicateIds, imageFiles, parentFolder, withoutEnding } from './folder-files.js';
import type { ImportFault } from './import-fault.js';
import { readExportedClasses, readLabelOrigin, readVolumePlace, EXPORT_COLUMNS } from './exported-columns.js';
import { chooseGroupColumn, columnOf, groupOf, pathOf, readTable, type Table, type TableRow } from './read-table.js';
import type { ListingOptions, SourceEntry, SourceListing } from './source-listing.js';

export const MANIFEST_FILE = 'manifest.csv';
const IMAGE_COLUMNS = ['image', 'file', 'filename', 'path'];
const MASK_COLUMNS = ['mask', 'segmentation'];

interface Columns {
  readonly id: string | undefined;
  readonly image: string;
  readonly mask: string | undefined;
  readonly ignore: string | undefined;
  readonly group: string | undefined;
}

/** Images and masks as manifest.csv lists them; a row without mask is an item without label. */
export async function listManifest({ folder, groupColumn }: ListingOptions): Promise<SourceListing> {
  const table = await readTable(folder, MANIFEST_FILE);
  const { column: group, remarks } = chooseGroupColumn(table, groupColumn);
  const image = columnOf(table, IMAGE_COLUMNS);
  const listing = { layout: 'manifest', task: 'segmentation', remarks } as const;
  if (image === undefined) {
    if (table.columns.length === 0) return { ...listing, entries: [], faults: table.faults };
    const message = `no column for images; there are ${table.columns.join(', ')}, and one must be ${IMAGE_COLUMNS.join(' or ')}`;
    return { ...listing, entries: [], faults: [...table.faults, { kind: 'bad-table', file: table.file, message }] };
  }
  const columns = {
    id: columnOf(table, ['id']),
    image,
    mask: columnOf(table, MASK_COLUMNS),
    ignore: columnOf(table, ['ignore']),
    group,
  };
  const entries = table.rows.flatMap((row) => entryOf(table, { row, columns }));
  const classNames = await readExportedClasses(folder);
  const files = await imageFiles(folder);
  return {
    ...listing,
    entries: presentEntries(entries, files),
    ...(classNames !== undefined && { classNames }),
    faults: [...table.faults, ...duplicateIds(entries), ...filesAtOddsWith(entries, files)],
  };
}

function entryOf(table: Table, { row, columns }: { row: TableRow; columns: Columns }): SourceEntry[] {
  const image = pathOf(table, { row, column: columns.image });
  if (image === undefined) {
    const message = `line ${row.line}: column "${columns.image}" is empty`;
    table.faults.push({ kind: 'label-without-image', file: table.file, message });
    return [];
  }
  const id = (columns.id === undefined ? '' : row.cells[columns.id]) || withoutEnding(baseName(image));
  const mask = pathOf(table, { row, column: columns.mask });
  const ignore = pathOf(table, { row, column: columns.ignore });
  const used = new Set<string | undefined>([...Object.values(columns), ...EXPORT_COLUMNS]);
  const attributes = Object.fromEntries(
    Object.entries(row.cells).filter(([name, cell]) => !used.has(name) && cell !== ''),
  );
  return [
    {
      id,
      ...groupOf(table, { row, column: columns.group }),
      image,
      ...(mask !== undefined && { mask }),
      ...(ignore !== undefined && { ignore }),
      ...readLabelOrigin(table, row),
      ...readVolumePlace(table, row),
      attributes,
    },
  ];
}

/** What can be opened of the rows; what is missing is a fault already. */
export function presentEntries(entries: readonly SourceEntry[], files: readonly string[]): SourceEntry[] {
  const present = new Set(files);
  return entries
    .filter(({ image }) => present.has(image))
    .map(({ mask, ignore, ...entry }) => ({
      ...entry,
      ...(mask !== undefined && present.has(mask) && { mask }),
      ...(ignore !== undefined && present.has(ignore) && { ignore }),
    }));
}

/** Rows whose files are missing, and files in the rows' folders that no row names. */
export function filesAtOddsWith(entries: readonly SourceEntry[], files: readonly string[]): ImportFault[] {
  const present = new Set(files);
  const faults: ImportFault[] = [];
  for (const { image, mask, ignore, id } of entries) {
    if (!present.has(image)) {
      const isLabel = mask !== undefined && present.has(mask);
      const message = isLabel
        ? `the label of "${id}" has no image: ${image} is missing`
        : `the image of "${id}" is missing`;
      faults.push({ kind: isLabel ? 'label-without-image' : 'file-missing', file: isLabel ? mask : image, message });
    }
    for (const label of [mask, ignore]) {
      if (label !== undefined && !present.has(label))
        faults.push({ kind: 'file-missing', file: label, message: `the mask of "${id}" is missing` });
    }
  }
  const named = new Set(entries.flatMap(({ image, mask, ignore }) => [image, mask, ignore]));
  const imageFolders = new Set(entries.map(({ image }) => parentFolder(image)));
  const maskFolders = new Set(
    entries
      .flatMap(({ mask, ignore }) => [mask, ignore])
      .flatMap((path) => (path === undefined ? [] : [parentFolder(path)])),
  );
  for (const file of files.filter((path) => !named.has(path))) {
    const parent = parentFolder(file);
    if (imageFolders.has(parent)) faults.push({ kind: 'image-without-label-row', file, message: 'no row names it' });
    else if (maskFolders.has(parent)) faults.push({ kind: 'label-without-image', file, message: 'no row names it' });
  }
  return faults;
}
