import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectItem, type SelectionRequest } from './select-item.js';

const thresholds = (foregroundMin: number, backgroundMax: number, classIndex = 1) => ({
  classIndex,
  foregroundMin,
  backgroundMax,
  basis: { kind: 'fixed' as const },
});
function histogram(counts: Record<number, number>): number[] {
  return Array.from({ length: 256 }, (_, level) => counts[level] ?? 0);
}
const select = (counts: Record<number, number>, changes: Partial<SelectionRequest['selection']> = {}) =>
  selectItem({
    histograms: [histogram(counts)],
    thresholds: [thresholds(0.8, 0.2)],
    selection: { decidedMin: 0.6, emptyItems: 'ignore', ...changes },
  });

describe('selectItem()', () => {
  it('accepts an item whose possible foreground is mostly decided, however much background there is', () => {
    expect(select({ 0: 10_000, 255: 60, 128: 40 })).toEqual({ state: 'accepted', decided: 0.6, confidence: 1 });
  });

  it('ignores an item that is mostly doubt, however much background there is', () => {
    expect(select({ 0: 10_000, 255: 59, 128: 41 })).toEqual({
      state: 'ignored',
      reason: 'undecided',
      decided: 0.59,
      confidence: 1,
    });
  });

  it('takes a level on a threshold as decided: 204 is 0.8, 51 is 0.2', () => {
    expect(select({ 51: 10, 204: 1 })).toMatchObject({
      state: 'accepted',
      decided: 1,
      confidence: expect.closeTo(0.8, 12),
    });
    expect(select({ 52: 1, 203: 1 })).toMatchObject({ reason: 'undecided', decided: 0 });
  });

  it('ignores or accepts an empty item as it is told, and states how surely it is empty', () => {
    const surely = { decided: 1, confidence: expect.closeTo(1 - 25.5 / 255, 12) };
    expect(select({ 0: 1, 51: 1 })).toEqual({ state: 'ignored', reason: 'empty', ...surely });
    expect(select({ 0: 1, 51: 1 }, { emptyItems: 'accept' })).toEqual({ state: 'accepted', ...surely });
  });

  it('has no confidence, and accepts nothing, where nothing is decided', () => {
    expect(select({ 128: 5 }, { decidedMin: 0 })).toEqual({ state: 'ignored', reason: 'undecided', decided: 0 });
  });

  it('pools the classes', () => {
    const histograms = [histogram({ 0: 90, 255: 10 }), histogram({ 0: 70, 128: 30 })];
    const both = [thresholds(0.8, 0.2), thresholds(0.8, 0.2, 2)];
    expect(
      selectItem({ histograms, thresholds: both, selection: { decidedMin: 0.5, emptyItems: 'ignore' } }),
    ).toMatchObject({ decided: 0.25 });
  });

  it('labels nothing with thresholds beyond the reach of any probability', () => {
    const beyond = {
      thresholds: [thresholds(1.002, -0.002)],
      selection: { decidedMin: 0, emptyItems: 'accept' as const },
    };
    expect(selectItem({ histograms: [histogram({ 0: 5, 255: 5 })], ...beyond })).toEqual({
      state: 'ignored',
      reason: 'undecided',
      decided: 0,
    });
  });

  it('accepts no more items when more must be decided', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 256, maxLength: 256 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (counts, decidedMin) => {
          fc.pre(counts.some((count) => count > 0));
          const strict = select(Object.fromEntries(counts.entries()), { decidedMin: 1 });
          const loose = select(Object.fromEntries(counts.entries()), { decidedMin });
          if (strict.state === 'accepted') expect(loose.state).toBe('accepted');
          expect(loose.decided).toBeGreaterThanOrEqual(0);
          expect(loose.decided).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it.each([
    ['no histograms', { histograms: [] }],
    ['a histogram without pixels', { histograms: [histogram({})] }],
    ['a histogram of another length', { histograms: [[1, 2]] }],
  ])('rejects %s with INVALID_INPUT', (_, wrong) => {
    const request = {
      thresholds: [thresholds(0.8, 0.2)],
      selection: { decidedMin: 0.5, emptyItems: 'ignore' as const },
      ...wrong,
    };
    expect(() => selectItem(request)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
