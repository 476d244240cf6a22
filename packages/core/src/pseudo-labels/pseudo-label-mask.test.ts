import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pseudoLabelMask } from './pseudo-label-mask.js';

const thresholds = (classIndex: number) => ({
  classIndex,
  foregroundMin: 0.8,
  backgroundMax: 0.2,
  basis: { kind: 'fixed' as const },
});
const one = [thresholds(1)];
const two = [thresholds(1), thresholds(2)];

describe('pseudoLabelMask()', () => {
  it('decides foreground from its threshold on, background up to its own, and ignores what lies between', () => {
    const { classes, ignore } = pseudoLabelMask([Uint8Array.of(0, 51, 52, 127, 128, 203, 204, 255)], one);
    expect([...ignore]).toEqual([0, 0, 255, 255, 255, 255, 0, 0]);
    expect([...classes]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('takes the most probable of two decided classes, the lower index on a tie', () => {
    expect([...pseudoLabelMask([Uint8Array.of(210, 230), Uint8Array.of(240, 230)], two).classes]).toEqual([2, 1]);
  });

  it('lets a decided class stand beside a doubtful one', () => {
    const { classes, ignore } = pseudoLabelMask([Uint8Array.of(100), Uint8Array.of(250)], two);
    expect([classes[0], ignore[0]]).toEqual([2, 0]);
  });

  it('decides background only where every class is out of the question', () => {
    expect([...pseudoLabelMask([Uint8Array.of(0, 0), Uint8Array.of(0, 60)], two).ignore]).toEqual([0, 255]);
  });

  it('guesses the class that is likelier than background where it ignores', () => {
    expect([...pseudoLabelMask([Uint8Array.of(90, 120), Uint8Array.of(60, 60)], two).classes]).toEqual([0, 1]);
  });

  it('makes a mask of nothing from an image of no pixels', () => {
    expect(pseudoLabelMask([new Uint8Array(0)], one)).toEqual({
      classes: new Uint8Array(0),
      ignore: new Uint8Array(0),
    });
  });

  it('ignores exactly the pixels that neither threshold decides', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(255), (first, second) => {
        const other = new Uint8Array(first.length).fill(second);
        const { ignore } = pseudoLabelMask([first, other], two);
        const decided = [...first].map((level) => level >= 204 || second >= 204 || (level <= 51 && second <= 51));
        expect([...ignore].map((value) => value === 0)).toEqual(decided);
      }),
    );
  });

  it.each([
    ['no maps', [], []],
    ['maps of different sizes', [new Uint8Array(1), new Uint8Array(2)], two],
    ['fewer thresholds than maps', [new Uint8Array(1), new Uint8Array(1)], one],
  ])('rejects %s with INVALID_INPUT', (_, levels, limits) => {
    expect(() => pseudoLabelMask(levels, limits)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
