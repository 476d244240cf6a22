import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** Runs `work` on an empty database of its own, with a path for a Parquet file; both are gone afterwards. */
export async function withDuckdb<T>(work: (connection: DuckDBConnection, file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-ledger-'));
  try {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' }); // one thread keeps the order of rows
    try {
      const connection = await instance.connect();
      try {
        return await work(connection, join(folder, 'ledger.parquet'));
      } finally {
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A text as SQL writes it; `COPY` takes no parameters. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
