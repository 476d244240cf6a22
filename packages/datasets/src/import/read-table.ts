import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { ImportFault } from './import-fault.js';
import { normalisedPath } from './folder-files.js';

export interface TableRow {
  /** 1-based, for messages. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly faults: ImportFault[];
}

/** Reads a CSV file with a header line; a file that is no proper CSV is a fault, not a guess. */
export async function readTable(folder: string, file: string): Promise<Table> {
  const text = await readFile(join(folder, file), 'utf8');
  try {
    const parsed: unknown = parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true, info: true });
    const records = parsed as { info: { lines: number }; record: Record<string, string> }[];
    const header: string[][] = parse(text, { bom: true, trim: true, to_line: 1, relax_column_count: true });
    const rows = records.map(({ info, record }) => ({ line: info.lines, cells: record }));
    return { file, columns: header[0] ?? [], rows, faults: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { file, columns: [], rows: [], faults: [{ kind: 'bad-table', file, message }] };
  }
}

/** The first of `names` that is a column. */
export const columnOf = (table: Table, names: readonly string[]): string | undefined =>
  names.find((name) => table.columns.includes(name));

/** Columns that name what must not be split, most telling first. */
const GROUP_COLUMNS = ['group', 'patient', 'patient_id', 'subject', 'subject_id', 'case'];

export interface GroupChoice {
  readonly column?: string;
  readonly remarks: readonly string[];
}

/** The column asked for, else one with a telling name, else none; faults are added to the table. */
export function chooseGroupColumn(table: Table, asked: string | undefined): GroupChoice {
  if (asked !== undefined) {
    if (table.columns.includes(asked)) return { column: asked, remarks: [] };
    const message = `no column "${asked}"; there are ${table.columns.join(', ')}`;
    table.faults.push({ kind: 'missing-group', file: table.file, message });
    return { remarks: [] };
  }
  const column = columnOf(table, GROUP_COLUMNS);
  if (column !== undefined) return { column, remarks: [`items are grouped by column "${column}"`] };
  return { remarks: ['no group column was named: every image, or volume, is a group of its own'] };
}

/** A group cell, or a fault for an empty one. */
export function groupOf(
  table: Table,
  { row, column }: { row: TableRow; column: string | undefined },
): { group?: string } {
  if (column === undefined) return {};
  const group = row.cells[column] ?? '';
  if (group !== '') return { group };
  table.faults.push({
    kind: 'missing-group',
    file: table.file,
    message: `line ${row.line}: column "${column}" is empty`,
  });
  return {};
}

/** A path cell as a relative path, `undefined` where it is empty, a fault where it leaves the folder. */
export function pathOf(
  table: Table,
  { row, column }: { row: TableRow; column: string | undefined },
): string | undefined {
  const cell = column === undefined ? '' : (row.cells[column] ?? '');
  if (cell === '') return undefined;
  const path = normalisedPath(cell);
  if (path === undefined) {
    table.faults.push({
      kind: 'bad-table',
      file: table.file,
      message: `line ${row.line}: "${cell}" leaves the folder`,
    });
  }
  return path;
}
