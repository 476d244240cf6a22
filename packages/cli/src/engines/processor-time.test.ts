import { describe, expect, it } from 'vitest';
import { processorTime, shareHeldByOthers } from './processor-time.js';

/** @param busy Of 1000 ms, of all processors together. */
const second = (count: number, busy: number) => ({
  before: { busy: 5, idle: 7, count },
  after: { busy: 5 + busy, idle: 7 + 1000 * count - busy, count },
});

describe('shareHeldByOthers()', () => {
  it.each([
    ['nobody else', { times: second(2, 2000), own: { ours: 2000, cores: 2 }, share: 0 }],
    ['an idle machine', { times: second(2, 0), own: { ours: 0, cores: 2 }, share: 0 }],
    ['others on one core of two', { times: second(2, 2000), own: { ours: 1000, cores: 2 }, share: 0.5 }],
    ['others on everything', { times: second(2, 2000), own: { ours: 0, cores: 2 }, share: 1 }],
    [
      'others that leave what a container is given',
      { times: second(64, 40_000), own: { ours: 4000, cores: 4 }, share: 0 },
    ],
    ['others that leave half of it', { times: second(64, 64_000), own: { ours: 2000, cores: 4 }, share: 0.5 }],
    ['a system that says nothing', { times: second(0, 0), own: { ours: 100, cores: 2 }, share: 0 }],
  ])('with %s', (_, { times, own, share }) => {
    expect(shareHeldByOthers(times, own)).toBeCloseTo(share, 12);
  });
});

describe('processorTime()', () => {
  it('goes on', () => {
    const first = processorTime();
    const later = processorTime();
    expect(later.count).toBe(first.count);
    expect(later.busy + later.idle).toBeGreaterThanOrEqual(first.busy + first.idle);
  });
});
