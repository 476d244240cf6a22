import { describe, expect, it } from 'vitest';
import { requireOptions } from './bench-options.js';

describe('requireOptions()', () => {
  it('leaves the number of seeds to the bench unless told', () => {
    expect(requireOptions('training', { quick: true })).toEqual({ quick: true });
    expect(requireOptions('quality', { quick: false, seeds: '8' })).toEqual({ quick: false, seeds: 8 });
  });

  it.each(['0', '-1', '1.5', 'many', ''])('refuses "%s" seeds', (seeds) => {
    expect(() => requireOptions('quality', { quick: false, seeds })).toThrow(`Cannot train from "${seeds}" seeds`);
  });

  it('refuses seeds where a bench has none', () => {
    expect(() => requireOptions('training', { quick: false, seeds: '3' })).toThrow('only "quality" has seeds');
  });
});
