import { ProbityError } from '@probity/core/errors';

const FULL = new Set(['XMinioStorageFull', 'QuotaExceeded', 'XMinioAdminBucketQuotaExceeded', 'InsufficientStorage']);
const DENIED = new Set(['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidSecurity']);

export const s3Code = (error: unknown): string => (error as { code?: string }).code ?? '';

/** Busy, or with another writer of the same key that is not done. */
const BUSY = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'ConditionalRequestConflict',
  'OperationAborted',
]);

/** Asking a server again helps against these: it was not reached, or it was busy. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ProbityError) return false;
  const code = s3Code(error);
  return /^E[A-Z]+$/.test(code) || /Retryable HTTP status/.test(String(error)) || BUSY.has(code);
}

/** The foreign error of an S3 server as one of ours. */
export function s3Error(action: string, which: { key: string; endpoint: string }, error: unknown): ProbityError {
  if (error instanceof ProbityError) return error;
  const { key, endpoint } = which;
  const code = s3Code(error);
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  if (FULL.has(code)) {
    return new ProbityError(
      'STORE_FULL',
      `Cannot ${action} artifact "${key}": no space is left at "${endpoint}"; make room`,
      { details: { key }, cause: error },
    );
  }
  const what = DENIED.has(code)
    ? 'check PROBITY_S3_ACCESS_KEY, PROBITY_S3_SECRET_KEY and the rights'
    : 'check PROBITY_S3_ENDPOINT and the server';
  return new ProbityError(
    'STORE_UNAVAILABLE',
    `Cannot ${action} artifact "${key}" at "${endpoint}": ${message}; ${what}`,
    { details: { key }, cause: error },
  );
}
