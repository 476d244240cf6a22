import { readFile } from 'node:fs/promises';
import { DOUBLE, LIST, listValue, VARCHAR, type DuckDBAppender } from '@duckdb/node-api';
import { LEDGER_COLUMNS, type ColumnType } from './ledger-columns.js';
import type { LedgerRow } from './ledger-rows.js';
import { sqlText, withDuckdb } from './with-duckdb.js';

/** The ledger as a Parquet file, rows in the order given: equal rows give equal bytes. */
export async function writeLedger(rows: readonly LedgerRow[]): Promise<Uint8Array> {
  return withDuckdb(async (connection, file) => {
    await connection.run(`CREATE TABLE ledger (${LEDGER_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')})`);
    const appender = await connection.createAppender('ledger');
    for (const row of rows) {
      for (const [, type, member] of LEDGER_COLUMNS) append(appender, { type, value: row[member] });
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`COPY ledger TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd)`);
    return new Uint8Array(await readFile(file));
  });
}

function append(
  appender: DuckDBAppender,
  { type, value }: { type: ColumnType; value: LedgerRow[keyof LedgerRow] },
): void {
  if (value === undefined) appender.appendNull();
  else if (type === 'VARCHAR[]') appender.appendList(listValue(value as readonly string[]), LIST(VARCHAR));
  else if (type === 'DOUBLE[]') appender.appendList(listValue(value as readonly number[]), LIST(DOUBLE));
  else if (type === 'VARCHAR') appender.appendVarchar(String(value));
  else if (type === 'INTEGER') appender.appendInteger(Number(value));
  else appender.appendDouble(Number(value));
}
