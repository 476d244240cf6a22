import { expect, it } from 'vitest';
import { batchWaits } from './batch-waits.js';

const step = (busyMilliseconds: number | undefined, waitedMilliseconds: number | undefined) => ({
  busyMilliseconds,
  waitedMilliseconds,
});

it('is the share of waiting in the time of trainings, whatever else a device did', () => {
  expect(batchWaits([step(900, 50), step(undefined, undefined), step(5000, undefined), step(50, 0)])).toEqual({
    waitedMilliseconds: 50,
    busyMilliseconds: 950,
    share: 0.05,
  });
});

it('is 0 where nothing was trained', () => {
  expect(batchWaits([step(5000, undefined), step(0, 0)]).share).toBe(0);
});
