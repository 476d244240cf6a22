import { ProbityError } from '@probity/core/errors';

export type FaultKind =
  | 'unreadable'
  | 'pixel-limit'
  | 'mask-size'
  | 'not-finite'
  | 'unknown-class'
  | 'label-without-image'
  | 'image-without-label-row'
  | 'file-missing'
  | 'duplicate-id'
  | 'duplicate-image'
  | 'missing-group'
  | 'bad-table';

/** Something in the folder that must be mended, or decided about, before the data set can be imported. */
export interface ImportFault {
  readonly kind: FaultKind;
  /** Relative to the imported folder. */
  readonly file: string;
  readonly message: string;
}

/** Faults that the message spells out; `details.faults` holds them all. */
const SHOWN_MAX = 30;

/** Throws all faults at once; returns where there are none. */
export function requireNoFaults(
  faults: readonly ImportFault[],
  { name, folder }: { name: string; folder: string },
): void {
  if (faults.length === 0) return;
  const lines = [...faults]
    .sort((a, b) => compare(a.file, b.file) || compare(a.kind, b.kind))
    .map(({ kind, file, message }) => `${file}: ${kind}: ${message}`);
  const more = lines.length > SHOWN_MAX ? `\n  and ${lines.length - SHOWN_MAX} more` : '';
  const found = lines.length === 1 ? '1 fault' : `${lines.length} faults`;
  const message = `Cannot import data set "${name}": ${found} in ${folder}; nothing was imported\n  ${lines.slice(0, SHOWN_MAX).join('\n  ')}${more}`;
  throw new ProbityError('DATASET_INVALID', message, { details: { name, faultCount: lines.length, faults: lines } });
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
