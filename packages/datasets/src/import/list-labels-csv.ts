import { baseName, duplicateIds, imageFiles, withoutEnding } from './folder-files.js';
import { compare } from './import-fault.js';
import { EXPORT_COLUMNS, readExportedClasses, readLabelOrigin } from './exported-columns.js';
import { filesAtOddsWith, presentEntries } from './list-manifest.js';
import { chooseGroupColumn, columnOf, groupOf, pathOf, readTable, type Table } from './read-table.js';
import type { ListingOptions, SourceEntry, SourceListing } from './source-listing.js';

export const LABELS_FILE = 'labels.csv';
const FILE_COLUMNS = ['file', 'image', 'filename', 'path'];
const LABEL_COLUMNS = ['label', 'class', 'class_name', 'target'];

/** Images as labels.csv lists them: a file and its class; an empty label is an item without one. */
export async function listLabelsCsv({ folder, groupColumn, classes }: ListingOptions): Promise<SourceListing> {
  const table = await readTable(folder, LABELS_FILE);
  const { column: group, remarks } = chooseGroupColumn(table, groupColumn);
  const [file, label] = [columnOf(table, FILE_COLUMNS), columnOf(table, LABEL_COLUMNS)];
  const listing = { layout: 'labels-csv', task: 'classification', remarks } as const;
  if (file === undefined || label === undefined) {
    if (table.columns.length === 0) return { ...listing, entries: [], faults: table.faults };
    const message = `columns are ${table.columns.join(', ')}; one must be ${FILE_COLUMNS.join(' or ')}, another ${LABEL_COLUMNS.join(' or ')}`;
    return { ...listing, entries: [], faults: [...table.faults, { kind: 'bad-table', file: table.file, message }] };
  }
  const id = columnOf(table, ['id']);
  const names = classes ?? (await readExportedClasses(folder)) ?? classNamesOf(table, label);
  // A column that says the class in words is a label too, and labels may have to stay hidden.
  const used = new Set<string | undefined>([id, file, group, ...LABEL_COLUMNS, ...EXPORT_COLUMNS]);
  const entries = table.rows.flatMap((row): SourceEntry[] => {
    const image = pathOf(table, { row, column: file });
    if (image === undefined) {
      table.faults.push({
        kind: 'label-without-image',
        file: table.file,
        message: `line ${row.line}: column "${file}" is empty`,
      });
      return [];
    }
    const cell = row.cells[label] ?? '';
    const attributes = Object.fromEntries(
      Object.entries(row.cells).filter(([name, value]) => !used.has(name) && value !== ''),
    );
    const base = {
      id: (id && row.cells[id]) || withoutEnding(baseName(image)),
      ...groupOf(table, { row, column: group }),
      image,
      attributes,
    };
    return [{ ...base, ...readLabelOrigin(table, row), ...(cell !== '' && { className: nameOf(cell, names) }) }];
  });
  const files = await imageFiles(folder);
  const faults = [...table.faults, ...duplicateIds(entries), ...filesAtOddsWith(entries, files)];
  return { ...listing, entries: presentEntries(entries, files), classNames: names, faults };
}

/** Numbers are class indices, unless a class is named so. */
function nameOf(cell: string, names: readonly string[]): string {
  return names.includes(cell) ? cell : ((/^\d+$/.test(cell) ? names[Number(cell)] : undefined) ?? cell);
}

/**
 * Labels that are all numbers 0 to K are class indices, named by a `class` column where it says the same thing
 * throughout; other labels are the names, in alphabetical order.
 */
function classNamesOf(table: Table, label: string): string[] {
  const labels = [...new Set(table.rows.map(({ cells }) => cells[label] ?? ''))].filter((cell) => cell !== '');
  if (!labels.every((cell) => /^\d+$/.test(cell))) return labels.sort(compare);
  const count = Math.max(0, ...labels.map(Number)) + 1;
  // Far-off numbers are no indices; each is then a class named after itself.
  if (count > 2 * labels.length + 8) return labels.sort((a, b) => Number(a) - Number(b));
  const described = columnOf(
    table,
    ['class', 'class_name'].filter((name) => name !== label),
  );
  return Array.from({ length: count }, (_, index) => {
    const rows = table.rows.filter(({ cells }) => cells[label] === String(index));
    const words = new Set(rows.map(({ cells }) => (described === undefined ? '' : (cells[described] ?? ''))));
    const [word = ''] = words;
    return words.size === 1 && word !== '' ? word : `class-${index}`;
  });
}
