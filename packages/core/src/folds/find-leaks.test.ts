import { describe, expect, it } from 'vitest';
import { findLeaks } from './find-leaks.js';

const item = (id: string, group: string, imageSha256: string) => ({ id, group, imageSha256 });

describe('findLeaks()', () => {
  it('names the pair where two groups hold the same image', () => {
    const items = [item('a', 'g1', 'x'), item('b', 'g1', 'y'), item('c', 'g2', 'x')];
    expect(findLeaks(items)).toEqual([{ first: 'a', second: 'c' }]);
  });

  it('lets a group repeat its own images', () => {
    expect(findLeaks([item('a', 'g1', 'x'), item('b', 'g1', 'x')])).toEqual([]);
  });

  it('reports every repetition once, against the first', () => {
    const items = [item('a', 'g1', 'x'), item('b', 'g2', 'x'), item('c', 'g3', 'x')];
    expect(findLeaks(items)).toEqual([
      { first: 'a', second: 'b' },
      { first: 'a', second: 'c' },
    ]);
  });

  it('finds nothing in nothing', () => {
    expect(findLeaks([])).toEqual([]);
  });
});
