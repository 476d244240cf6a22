import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@probity/core/errors';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './source-files.js';

const page = readFileSync(join(repositoryRoot, 'docs/errors.md'), 'utf8');
const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]!);

describe('docs/errors.md', () => {
  it('explains every error code, and no code that does not exist', () => {
    expect(documented.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });

  it('says of each code what the table says: whether it is tried again', () => {
    for (const [code, { retryable }] of Object.entries(ERRORS)) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${code}\` |`));
      expect(row?.split('|')[2]?.trim(), code).toBe(retryable ? 'yes' : 'no');
    }
  });
});
