import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseThresholds, type CalibratedCount } from './choose-thresholds.js';

const selection = (errorMax: number, decidedMin = 0.5) => ({
  thresholds: { kind: 'error' as const, errorMax },
  decidedMin,
});
const voted = (group: string, probability: number, [count, trueCount]: [number, number]): CalibratedCount => ({
  group,
  probability,
  count,
  trueCount,
  voted: true,
});
const unseen = (group: string, probability: number, counts: [number, number]) => ({
  ...voted(group, probability, counts),
  voted: false,
});
const groups = (count: number) => Array.from({ length: count }, (_, i) => `g${i}`);

describe('chooseThresholds()', () => {
  it('takes fixed thresholds as they are', () => {
    const fixed = { thresholds: { kind: 'fixed' as const, foregroundMin: 0.9, backgroundMax: 0.05 }, decidedMin: 0.5 };
    expect(chooseThresholds({ classIndex: 2, counts: [], selection: fixed })).toEqual({
      classIndex: 2,
      foregroundMin: 0.9,
      backgroundMax: 0.05,
      basis: { kind: 'fixed' },
    });
  });

  it('decides everything where nothing is wrong', () => {
    const counts = groups(19).flatMap((group) => [voted(group, 0.6, [50, 50]), unseen(group, 0.01, [1000, 0])]);
    const { foregroundMin, basis } = chooseThresholds({ classIndex: 1, counts, selection: selection(0.05) });
    expect(foregroundMin).toBeLessThan(0.51);
    expect(basis).toEqual({ kind: 'error', errorMax: 0.05, errorMean: 0, bound: 0.05, groups: 19 });
  });

  it('leaves undecided what is too often wrong', () => {
    // At 0.9 one pixel of ten is wrong, at 0.7 three: both together are 20 % of the decided ones.
    const counts = groups(9).flatMap((group) => [voted(group, 0.9, [100, 90]), voted(group, 0.7, [100, 70])]);
    const chosen = chooseThresholds({ classIndex: 1, counts, selection: selection(0.2) });
    expect(chosen.foregroundMin).toBeGreaterThan(0.7);
    expect(chosen.foregroundMin).toBeLessThanOrEqual(0.9);
    expect(chosen.basis).toMatchObject({ errorMean: expect.closeTo(0.1, 12), bound: expect.closeTo(0.19, 12) });
  });

  it('counts a missed object as wrong, and background that everybody recognises not at all', () => {
    const missed = groups(9).flatMap((group) => [voted(group, 0.95, [10, 10]), unseen(group, 0.01, [100_000, 40])]);
    const seen = groups(9).flatMap((group) => [voted(group, 0.95, [10, 10]), unseen(group, 0.01, [100_000, 0])]);
    const background = (counts: CalibratedCount[]) =>
      chooseThresholds({ classIndex: 1, counts, selection: selection(0.3) }).backgroundMax;
    expect(background(missed)).toBeLessThan(0.01);
    expect(background(seen)).toBeGreaterThan(0.4);
  });

  it('labels nothing where even the strictest thresholds break the promise, and shows the bound that does', () => {
    // What all are sure of is mostly wrong, and what nobody saw is most of the truth.
    const counts = groups(9).flatMap((group) => [voted(group, 1, [10, 2]), unseen(group, 0, [100, 8])]);
    const chosen = chooseThresholds({ classIndex: 1, counts, selection: selection(0.2) });
    expect(chosen.foregroundMin).toBeGreaterThan(1);
    expect(chosen.backgroundMax).toBeLessThan(0);
    expect(chosen.basis).toMatchObject({ bound: expect.closeTo(0.82, 12), errorMax: 0.2 });
  });

  it('counts a group without possible foreground as one without errors', () => {
    const counts = [...groups(9).map((group) => unseen(group, 0, [100, 0])), voted('g9', 0.99, [10, 10])];
    expect(chooseThresholds({ classIndex: 1, counts, selection: selection(0.1) }).basis).toMatchObject({
      groups: 10,
      errorMean: 0,
    });
  });

  it('keeps its promise, and grows looser with a larger error', () => {
    const anyCount = fc.tuple(
      fc.nat(9),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(50),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(anyCount, { minLength: 1, maxLength: 60 }), (drawn) => {
        const filler = groups(10).map((group) => unseen(group, 0, [1, 0]));
        const counts = drawn.map(([g, probability, count, share, isVoted]): CalibratedCount => {
          return { group: `g${g}`, probability, count, trueCount: Math.round(share * count), voted: isVoted };
        });
        const choose = (errorMax: number) =>
          chooseThresholds({ classIndex: 1, counts: [...filler, ...counts], selection: selection(errorMax) });
        const [strict, loose] = [choose(0.15), choose(0.5)];
        expect(loose.foregroundMin).toBeLessThanOrEqual(strict.foregroundMin);
        for (const { foregroundMin, backgroundMax, basis } of [strict, loose]) {
          expect(backgroundMax).toBeLessThan(foregroundMin);
          if (basis.kind !== 'error') continue;
          const isKept = foregroundMin <= 1 && backgroundMax >= 0;
          if (isKept) expect(basis.bound).toBeLessThanOrEqual(basis.errorMax + 1e-12);
          else expect(basis.bound).toBeGreaterThan(basis.errorMax);
        }
      }),
    );
  });

  it('promises the mean error of new groups: simulated, the promise holds', () => {
    // 200 campaigns of 9 groups and a tenth that was not seen; a deterministic stand-in for a random draw.
    const noise = (i: number) => (Math.sin(i * 12.9898) * 43_758.5453) % 1;
    let lossSum = 0;
    for (let campaign = 0; campaign < 200; campaign++) {
      const all = groups(10).flatMap((group, g) =>
        [0.55, 0.7, 0.85, 0.97].map((probability, k) => {
          const shift = 0.25 * noise(campaign * 10 + g);
          const rate = Math.min(1, Math.max(0, probability + shift + 0.02 * k));
          return voted(group, probability, [100, Math.round(100 * rate)]);
        }),
      );
      const chosen = chooseThresholds({
        classIndex: 1,
        counts: all.filter(({ group }) => group !== 'g9'),
        selection: selection(0.2, 0),
      });
      const decided = all.filter(({ group, probability }) => group === 'g9' && probability >= chosen.foregroundMin);
      const total = decided.reduce((sum, { count }) => sum + count, 0);
      if (total > 0) lossSum += decided.reduce((sum, { count, trueCount }) => sum + count - trueCount, 0) / total;
    }
    expect(lossSum / 200).toBeLessThanOrEqual(0.2);
    expect(lossSum / 200).toBeGreaterThan(0.02); // not by deciding nothing
  });

  it('refuses an error that so few groups cannot promise', () => {
    const counts = groups(6).map((group) => voted(group, 0.9, [10, 9]));
    expect(() => chooseThresholds({ classIndex: 1, counts, selection: selection(0.05) })).toThrow(
      expect.objectContaining({
        code: 'PROMISE_IMPOSSIBLE',
        message: expect.stringContaining('no less than 0.143 can be promised'),
      }),
    );
  });

  it('rejects no groups with INVALID_INPUT', () => {
    expect(() => chooseThresholds({ classIndex: 1, counts: [], selection: selection(0.5) })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
