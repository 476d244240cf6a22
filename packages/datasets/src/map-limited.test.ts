import { describe, expect, it } from 'vitest';
import { mapLimited } from './map-limited.js';

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await Promise.resolve();
};

describe('mapLimited()', () => {
  it('keeps the order of the items and runs no more at once than allowed', async () => {
    let [running, most] = [0, 0];
    const results = await mapLimited([5, 1, 3, 2, 4], 2, async (item, index) => {
      most = Math.max(most, ++running);
      await turns(item);
      running--;
      return [item, index];
    });
    expect(results).toEqual([
      [5, 0],
      [1, 1],
      [3, 2],
      [2, 3],
      [4, 4],
    ]);
    expect(most).toBe(2);
  });

  it('throws the first failure once what was begun has ended, and begins nothing after it', async () => {
    const ended: number[] = [];
    const work = async (item: number) => {
      await turns(item === 0 ? 1 : 20);
      if (item === 0) throw new Error('first');
      ended.push(item);
    };
    await expect(mapLimited([1, 0, 2, 3], 2, work)).rejects.toThrow('first');
    expect(ended).toEqual([1]);
  });
});
