import { ProbityError, type ErrorCode } from '@probity/core/errors';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The foreign error of a file system as one of ours. An abort passes as it is. */
export function directoryError(action: string, key: string, error: unknown): unknown {
  if (error instanceof ProbityError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || code === 'ABORT_ERR') return error;
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'EEXIST') {
    return new ProbityError(
      'INVALID_INPUT',
      `Cannot ${action} artifact "${key}": a part of it is both a key and a folder of keys`,
      { cause: error },
    );
  }
  const full = FULL.has(code);
  const ours: ErrorCode = full ? 'STORE_FULL' : 'STORE_UNAVAILABLE';
  const state = full ? 'no space is left; make room' : `${message}; check the folder and its rights`;
  return new ProbityError(ours, `Cannot ${action} artifact "${key}": ${state}`, { details: { key }, cause: error });
}

export const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException).code ?? '');
