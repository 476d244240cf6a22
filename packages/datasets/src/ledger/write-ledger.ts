import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { LedgerRow } from './ledger-rows.js';

/** Column of the file, its type, and the member of the row. */
const COLUMNS: readonly (readonly [name: string, type: 'VARCHAR' | 'INTEGER' | 'DOUBLE', member: keyof LedgerRow])[] = [
  ['item', 'VARCHAR', 'item'],
  ['group_id', 'VARCHAR', 'group'],
  ['role', 'VARCHAR', 'role'],
  ['origin', 'VARCHAR', 'origin'],
  ['round', 'INTEGER', 'round'],
  ['campaign', 'VARCHAR', 'campaign'],
  ['classes', 'VARCHAR', 'classes'],
  ['model_hash', 'VARCHAR', 'modelHash'],
  ['confidence', 'DOUBLE', 'confidence'],
  ['decided', 'DOUBLE', 'decided'],
  ['threshold', 'DOUBLE', 'threshold'],
  ['rule', 'VARCHAR', 'rule'],
  ['image_sha256', 'VARCHAR', 'imageSha256'],
  ['label_sha256', 'VARCHAR', 'labelSha256'],
  ['ignore_sha256', 'VARCHAR', 'ignoreSha256'],
];

/** The ledger as a Parquet file, rows in the order given: equal rows give equal bytes. */
export async function writeLedger(rows: readonly LedgerRow[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-ledger-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' }); // one thread keeps the order of rows
  try {
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE ledger (${COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')})`);
    const appender = await connection.createAppender('ledger');
    for (const row of rows) {
      for (const [, type, member] of COLUMNS) {
        const value = row[member];
        if (value === undefined) appender.appendNull();
        else if (type === 'VARCHAR') appender.appendVarchar(String(value));
        else if (type === 'INTEGER') appender.appendInteger(Number(value));
        else appender.appendDouble(Number(value));
      }
      appender.endRow();
    }
    appender.closeSync();
    const file = join(folder, 'ledger.parquet');
    await connection.run(`COPY ledger TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
    connection.closeSync();
    return await readFile(file);
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
