import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Table, TableRow } from './read-table.js';
import type { LabelOrigin, SourceEntry } from './source-listing.js';

/** Written beside an export, so that class names survive. */
export const EXPORT_CARD_FILE = 'dataset.json';

export const exportCardSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string(),
  version: z.string(),
  campaignId: z.string().optional(),
  task: z.enum(['segmentation', 'classification']),
  classes: z.array(z.string()),
});
export type ExportCard = z.infer<typeof exportCardSchema>;

/** Columns that an export writes and an import understands; all others become attributes. */
export const EXPORT_COLUMNS = [
  'origin',
  'round',
  'confidence',
  'decided',
  'role',
  'volume',
  'slice',
  'slice_count',
] as const;

const originSchema = z.object({
  origin: z.enum(['human', 'machine']),
  round: z.coerce.number().int().min(0).optional(),
  confidence: z.coerce.number().min(0).max(1).optional(),
  decided: z.coerce.number().min(0).max(1).optional(),
});

/** The class names of a folder that an export wrote; `undefined` for other folders. */
export async function readExportedClasses(folder: string): Promise<string[] | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, EXPORT_CARD_FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const card = exportCardSchema.safeParse(parsedJson(text));
  return card.success ? card.data.classes : undefined; // a file of that name may be anybody's
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Who made the row's label: a machine label must not come back as a person's. */
export function readLabelOrigin(table: Table, { cells, line }: TableRow): { origin?: LabelOrigin } {
  if (!cells['origin']) return {};
  const known = Object.fromEntries(
    ['origin', 'round', 'confidence', 'decided'].flatMap((name) => (cells[name] ? [[name, cells[name]]] : [])),
  );
  const parsed = originSchema.safeParse(known);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    table.faults.push({ kind: 'bad-table', file: table.file, message: `line ${line}: ${wrong}` });
    return {};
  }
  const { origin, round, confidence, decided } = parsed.data;
  const numbers = {
    ...(round !== undefined && { round }),
    ...(confidence !== undefined && { confidence }),
    ...(decided !== undefined && { decided }),
  };
  return { origin: { origin, ...numbers } };
}

/** Which slice of which volume the row is. */
export function readVolumePlace(table: Table, { cells, line }: TableRow): Pick<SourceEntry, 'volume'> {
  if (!cells['volume'] || !cells['slice'] || !cells['slice_count']) return {};
  const [slice, sliceCount] = [Number(cells['slice']), Number(cells['slice_count'])];
  if (Number.isInteger(slice) && Number.isInteger(sliceCount) && slice >= 0 && slice < sliceCount) {
    return { volume: { id: cells['volume'], slice, sliceCount } };
  }
  table.faults.push({
    kind: 'bad-table',
    file: table.file,
    message: `line ${line}: slice ${cells['slice']} of ${cells['slice_count']} is no place in a volume`,
  });
  return {};
}
