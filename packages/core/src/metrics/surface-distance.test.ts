import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceTransform } from './distance-transform.js';
import { surfaceDistance } from './surface-distance.js';
import oracle from './surface-distance.oracle.json' with { type: 'json' };

const square = (width: number, height: number) => ({ width, height, spacingX: 1, spacingY: 1 });

describe('distanceTransform()', () => {
  it.each(oracle.cases)('agrees with scipy.ndimage on $name', ({ edge, distances, ...grid }) => {
    const ours = distanceTransform(Uint8Array.from(edge), grid);
    distances.forEach((distance, x) => expect(ours[x]).toBeCloseTo(distance, 10));
  });

  it('agrees with a search over all pairs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        (width, drawn) => {
          const height = Math.ceil(drawn.length / width);
          const marked = Uint8Array.from({ length: width * height }, (_, i) => Number(drawn[i] ?? false));
          const ours = distanceTransform(marked, { width, height, spacingX: 0.5, spacingY: 3 });
          ours.forEach((distance, p) => {
            const to = [...marked].map((mark, q) =>
              mark
                ? Math.hypot(0.5 * ((p % width) - (q % width)), 3 * (Math.floor(p / width) - Math.floor(q / width)))
                : Infinity,
            );
            expect(distance).toBeCloseTo(Math.min(...to), 10);
          });
        },
      ),
    );
  });

  it('is infinite where nothing is marked', () => {
    expect([...distanceTransform(new Uint8Array(2), square(2, 1))]).toEqual([Infinity, Infinity]);
  });

  it.each([
    ['a grid of another size', square(2, 2)],
    ['a spacing of 0', { ...square(3, 1), spacingX: 0 }],
    ['a spacing of NaN', { ...square(3, 1), spacingY: NaN }],
  ])('rejects %s with INVALID_INPUT', (_, grid) => {
    expect(() => distanceTransform(new Uint8Array(3), grid)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});

describe('surfaceDistance()', () => {
  it.each(oracle.cases)('agrees with scipy.ndimage on $name', ({ prediction, truth, mean, hausdorff95, ...grid }) => {
    const distance = surfaceDistance(Uint8Array.from(prediction), Uint8Array.from(truth), grid);
    expect(distance?.mean).toBeCloseTo(mean, 10);
    expect(distance?.hausdorff95).toBeCloseTo(hausdorff95, 10);
  });

  it('is 0 between a mask and itself', () => {
    expect(surfaceDistance(Uint8Array.of(0, 1, 1), Uint8Array.of(0, 1, 1), square(3, 1))).toEqual({
      mean: 0,
      hausdorff95: 0,
    });
  });

  it('is absent where a mask is empty', () => {
    const [empty, full] = [new Uint8Array(3), Uint8Array.of(1, 1, 1)];
    expect(surfaceDistance(empty, full, square(3, 1))).toBeUndefined();
    expect(surfaceDistance(full, empty, square(3, 1))).toBeUndefined();
    expect(surfaceDistance(empty, empty, square(3, 1))).toBeUndefined();
  });
});
