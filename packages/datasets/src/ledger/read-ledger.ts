import { writeFile } from 'node:fs/promises';
import type { DuckDBValue } from '@duckdb/node-api';
import { ProbityError } from '@probity/core/errors';
import { z } from 'zod';
import { LEDGER_COLUMNS } from './ledger-columns.js';
import type { LedgerRow } from './ledger-rows.js';
import { sqlText, withDuckdb } from './with-duckdb.js';

export interface LedgerFilter {
  readonly origin?: 'human' | 'machine' | undefined;
  readonly round?: number | undefined;
  /** Machine labels at or above; human labels stay, unless `origin` leaves them out. */
  readonly confidenceMin?: number | undefined;
  readonly className?: string | undefined;
  readonly role?: 'labelled' | 'pool' | 'test' | undefined;
}

const text = z.string().nullable();
const number = z.number().nullable();
const rowSchema = z.object({
  item: z.string(),
  group: z.string(),
  role: z.enum(['labelled', 'pool', 'test']).nullable(),
  origin: z.enum(['human', 'machine']),
  round: number,
  campaign: text,
  classes: z.array(z.string()),
  modelHash: text,
  confidence: number,
  decided: number,
  foregroundMin: z.array(z.number()).nullable(),
  backgroundMax: z.array(z.number()).nullable(),
  rule: z.string(),
  imageSha256: z.string(),
  maskSha256: text,
  ignoreSha256: text,
});

/**
 * Reads a ledger's rows, filtered by DuckDB, in the order of the file.
 *
 * @throws {ProbityError} `ARTIFACT_CORRUPT` for bytes that are no ledger.
 */
export async function readLedger(bytes: Uint8Array, filter: LedgerFilter = {}): Promise<LedgerRow[]> {
  return withDuckdb(async (connection, file) => {
    await writeFile(file, bytes);
    const { where, values } = conditionsOf(filter);
    const columns = LEDGER_COLUMNS.map(([name, , member]) => `${name} AS "${member}"`).join(', ');
    try {
      const result = await connection.runAndReadAll(
        `SELECT ${columns} FROM read_parquet(${sqlText(file)}) ${where}`,
        values,
      );
      return z.array(rowSchema).parse(result.getRowObjectsJson()).map(withoutNulls);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
      throw new ProbityError('ARTIFACT_CORRUPT', `Cannot read ledger: ${reason}`, { cause });
    }
  });
}

function conditionsOf({ origin, round, confidenceMin, className, role }: LedgerFilter): {
  where: string;
  values: DuckDBValue[];
} {
  const parts: [condition: string, value: DuckDBValue | undefined][] = [
    ['origin = ?', origin],
    ['round = ?', round],
    ["(origin = 'human' OR confidence >= ?)", confidenceMin],
    ['list_contains(classes, ?)', className],
    ['role = ?', role],
  ];
  const used = parts.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  const where = used.length === 0 ? '' : `WHERE ${used.map(({ condition }) => condition).join(' AND ')}`;
  return { where, values: used.map(({ value }) => value) };
}

/** SQL's NULL is our absence. */
function withoutNulls(row: z.infer<typeof rowSchema>): LedgerRow {
  return {
    ...row,
    role: row.role ?? undefined,
    round: row.round ?? undefined,
    campaign: row.campaign ?? undefined,
    modelHash: row.modelHash ?? undefined,
    confidence: row.confidence ?? undefined,
    decided: row.decided ?? undefined,
    foregroundMin: row.foregroundMin ?? undefined,
    backgroundMax: row.backgroundMax ?? undefined,
    maskSha256: row.maskSha256 ?? undefined,
    ignoreSha256: row.ignoreSha256 ?? undefined,
  };
}
