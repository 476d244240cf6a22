import { describe, expect, it } from 'vitest';
import { hashJson, sha256Hex } from './hash.js';

describe('sha256Hex()', () => {
  // FIPS 180-2, appendix B.1, and the digest of nothing.
  it.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('agrees with the standard on "%s"', (text, digest) => {
    expect(sha256Hex(text)).toBe(digest);
    expect(sha256Hex(new TextEncoder().encode(text))).toBe(digest);
  });
});

describe('hashJson()', () => {
  it('does not see the order of keys, and sees everything else', () => {
    expect(hashJson({ a: 1, b: [1, 2] })).toBe(hashJson({ b: [1, 2], a: 1 }));
    expect(hashJson({ a: 1, b: [2, 1] })).not.toBe(hashJson({ a: 1, b: [1, 2] }));
  });
});
