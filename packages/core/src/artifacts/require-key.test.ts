import { describe, expect, it } from 'vitest';
import { requireKey } from './require-key.js';

describe('requireKey()', () => {
  it.each(['a', 'results/gather-fold/0f/result.json', "odd name+100% & (more) = 'x'", '...', '.hidden'])(
    'accepts "%s"',
    (key) => {
      expect(() => requireKey(key)).not.toThrow();
    },
  );

  it.each([
    ['nothing', ''],
    ['a leading slash', '/etc/passwd'],
    ['a trailing slash', 'a/'],
    ['an empty part', 'a//b'],
    ['a way out', 'a/../../b'],
    ['a dot', './a'],
    ['a backslash', 'a\\b'],
    ['a line break', 'a\nb'],
    ['a NUL', 'a\0b'],
    ['a letter beyond ASCII', 'über'],
    ['a part longer than a file name', 'a'.repeat(201)],
    ['more than S3 takes', 'abc/'.repeat(300) + 'd'],
  ])('refuses %s with INVALID_INPUT', (_, key) => {
    expect(() => requireKey(key)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
