import { ProbityError } from '@probity/core/errors';
import { describe, expect, it } from 'vitest';
import { directoryError } from './directory-errors.js';
import { isPassing, s3Error } from './s3-errors.js';

const withCode = (code: string) => Object.assign(new Error(`it failed with ${code}`), { code });

describe('directoryError()', () => {
  it.each([
    ['ENOSPC', 'STORE_FULL'],
    ['EDQUOT', 'STORE_FULL'],
    ['EACCES', 'STORE_UNAVAILABLE'],
    ['EROFS', 'STORE_UNAVAILABLE'],
    ['EIO', 'STORE_UNAVAILABLE'],
    ['EMFILE', 'STORE_UNAVAILABLE'],
    ['ENOTDIR', 'INVALID_INPUT'],
  ])('makes %s a %s with the key and the cause', (code, ours) => {
    const cause = withCode(code);
    expect(directoryError('put', 'a/b', cause)).toMatchObject({
      code: ours,
      cause,
      message: expect.stringContaining('"a/b"'),
    });
  });

  it('lets our own errors, aborts and bugs pass as they are', () => {
    for (const error of [new ProbityError('ARTIFACT_MISSING', 'x'), withCode('ABORT_ERR'), new TypeError('bug')]) {
      expect(directoryError('put', 'a', error)).toBe(error);
    }
  });
});

describe('s3Error()', () => {
  const which = { key: 'a/b', endpoint: 'http://store' };

  it.each([
    ['XMinioStorageFull', 'STORE_FULL', 'make room'],
    ['QuotaExceeded', 'STORE_FULL', 'make room'],
    ['AccessDenied', 'STORE_UNAVAILABLE', 'PROBITY_S3_ACCESS_KEY'],
    ['ECONNREFUSED', 'STORE_UNAVAILABLE', 'PROBITY_S3_ENDPOINT'],
  ])('makes %s a %s that says what to do', (code, ours, advice) => {
    expect(s3Error('put', which, withCode(code))).toMatchObject({
      code: ours,
      message: expect.stringContaining(advice),
    });
  });
});

describe('isPassing()', () => {
  it.each(['ECONNRESET', 'ETIMEDOUT', 'SlowDown', 'ConditionalRequestConflict'])('asks again after %s', (code) => {
    expect(isPassing(withCode(code))).toBe(true);
  });

  it.each(['AccessDenied', 'NoSuchKey', 'XMinioStorageFull', 'InvalidBucketName'])(
    'does not ask again after %s',
    (code) => {
      expect(isPassing(withCode(code))).toBe(false);
    },
  );
});
