import { describe, expect, it } from 'vitest';
import { deviceShare } from './device-share.js';

const step = (scheduledAt: number, endedAt: number, busyMilliseconds: number) => ({
  scheduledAt,
  endedAt,
  busyMilliseconds,
});

describe('deviceShare()', () => {
  it('is the computed part of the time in which there was work', () => {
    expect(deviceShare([step(0, 100, 90)], 1)).toEqual({ wantedMilliseconds: 100, busyMilliseconds: 90, share: 0.9 });
  });

  it('counts work that waits for a slot once, and each slot that has work', () => {
    const three = [step(0, 100, 100), step(0, 100, 100), step(0, 200, 100)];
    expect(deviceShare(three, 1)).toMatchObject({ wantedMilliseconds: 200 });
    expect(deviceShare(three, 2)).toMatchObject({ wantedMilliseconds: 300, share: 1 });
  });

  it('does not count the time in which nothing was asked for', () => {
    expect(deviceShare([step(0, 100, 100), step(900, 1000, 100)], 2).share).toBe(1);
  });
});
