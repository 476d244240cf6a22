import type { LedgerRow } from './ledger-rows.js';

export type ColumnType = 'VARCHAR' | 'INTEGER' | 'DOUBLE' | 'VARCHAR[]' | 'DOUBLE[]';

/** Columns of the file, their types, and the member of a row each holds. `group_id`, since `group` is a word of SQL. */
export const LEDGER_COLUMNS: readonly (readonly [name: string, type: ColumnType, member: keyof LedgerRow])[] = [
  ['item', 'VARCHAR', 'item'],
  ['group_id', 'VARCHAR', 'group'],
  ['role', 'VARCHAR', 'role'],
  ['origin', 'VARCHAR', 'origin'],
  ['round', 'INTEGER', 'round'],
  ['campaign', 'VARCHAR', 'campaign'],
  ['classes', 'VARCHAR[]', 'classes'],
  ['model_hash', 'VARCHAR', 'modelHash'],
  ['confidence', 'DOUBLE', 'confidence'],
  ['decided', 'DOUBLE', 'decided'],
  ['foreground_min', 'DOUBLE[]', 'foregroundMin'],
  ['background_max', 'DOUBLE[]', 'backgroundMax'],
  ['rule', 'VARCHAR', 'rule'],
  ['image_sha256', 'VARCHAR', 'imageSha256'],
  ['mask_sha256', 'VARCHAR', 'maskSha256'],
  ['ignore_sha256', 'VARCHAR', 'ignoreSha256'],
];
