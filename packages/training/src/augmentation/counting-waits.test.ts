import { expect, it } from 'vitest';
import { countingWaits } from './counting-waits.js';

it('counts the time between asking for a batch and having it, also where it fails, and hands everything on', async () => {
  let clock = 100;
  const calls: unknown[] = [];
  const batch = { images: Float32Array.of(1), labels: Int32Array.of(2) };
  const source = countingWaits(
    {
      begin: (...range) => calls.push(['begin', ...range]),
      batch: (step) => {
        clock += step;
        return step === 3 ? Promise.reject(new Error('no batch')) : Promise.resolve(batch);
      },
      close: () => Promise.resolve(void calls.push('close')),
    },
    () => clock,
  );
  source.begin(1, 4, 2);
  expect(source.waitedMilliseconds).toBe(0);
  expect(await source.batch(1)).toBe(batch);
  clock += 1000; // a step computes
  expect(await source.batch(2)).toBe(batch);
  expect(source.waitedMilliseconds).toBe(3);
  await expect(source.batch(3)).rejects.toThrow('no batch');
  expect(source.waitedMilliseconds).toBe(6);
  await source.close();
  expect(calls).toEqual([['begin', 1, 4, 2], 'close']);
});
