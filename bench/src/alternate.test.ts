import { describe, expect, it } from 'vitest';
import { alternate } from './alternate.js';

describe('alternate()', () => {
  it('gives each contender the median of its consecutive steps, after the warm-ups', async () => {
    const called: string[] = [];
    const contender = (name: string, times: number[]) => ({
      name,
      step: () => {
        called.push(name);
        return Promise.resolve(times.shift()!);
      },
    });
    const contenders = [contender('a', [100, 1, 9, 2, 4, 5, 6]), contender('b', [100, 7, 7, 7, 8, 8, 8])];
    const measured = await alternate(contenders, { runs: 2, warmUps: 1, stepsPerRun: 3, title: 'test' });
    expect(measured).toEqual([
      [2, 5],
      [7, 8],
    ]);
    expect(called.join('')).toBe('ab' + 'aaabbb' + 'bbbaaa');
  });
});
