import { createRandom } from '@probity/core/numerics/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Augmentation } from './draw-augmentation.js';
import { resampleImage, resampleLabels } from './resample.js';

const still: Augmentation = { matrix: [1, 0, 0, 1], shift: [0, 0], contrast: 1, gamma: 1, noiseStandardDeviation: 0 };
const [height, width] = [3, 4];
const numbered = Float32Array.from({ length: height * width }, (_, i) => i + 1);

function resampled(
  changes: Partial<Augmentation>,
  source = numbered,
  plane = { height, width, channels: 1 },
): number[] {
  const target = new Float32Array(source.length);
  resampleImage(source, target, { plane, augmentation: { ...still, ...changes } });
  return [...target];
}

function labels(changes: Partial<Augmentation>): number[] {
  const target = new Int32Array(numbered.length);
  resampleLabels(Uint8Array.from(numbered), target, {
    plane: { height, width, channels: 1 },
    augmentation: { ...still, ...changes },
  });
  return [...target];
}

describe('resampleImage()', () => {
  it('gives the image itself where nothing moves', () => {
    expect(resampled({})).toEqual([...numbered]);
  });

  it('mirrors left and right, and up and down', () => {
    expect(resampled({ matrix: [-1, 0, 0, 1] })).toEqual([4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9]);
    expect(resampled({ matrix: [1, 0, 0, -1] })).toEqual([9, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4]);
  });

  it('turns a square by a quarter', () => {
    const square = Float32Array.of(1, 2, 3, 4);
    const plane = { height: 2, width: 2, channels: 1 };
    expect(resampled({ matrix: [0, -1, 1, 0] }, square, plane)).toEqual([2, 4, 1, 3]);
  });

  it('shifts by whole pixels, with the mean of a normalised image, 0, from beyond the border', () => {
    expect(resampled({ shift: [1 / width, 0] })).toEqual([2, 3, 4, 0, 6, 7, 8, 0, 10, 11, 12, 0]);
    expect(resampled({ shift: [0, -1 / height] })).toEqual([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('interpolates between the four pixels around a place', () => {
    expect(resampled({ shift: [0.25 / width, 0] }).slice(0, 3)).toEqual([1.25, 2.25, 3.25]);
    expect(resampled({ shift: [0.5 / width, 0.5 / height] })[0]).toBe((1 + 2 + 5 + 6) / 4);
  });

  it('moves the channels of a pixel together', () => {
    const colours = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect(resampled({ matrix: [-1, 0, 0, 1] }, colours, { height: 1, width: 2, channels: 3 })).toEqual([
      4, 5, 6, 1, 2, 3,
    ]);
  });
});

describe('resampleLabels()', () => {
  it('moves as the image does, with background from beyond the border', () => {
    for (const changes of [{}, { matrix: [-1, 0, 0, 1] }, { shift: [1 / width, 0] }] as Partial<Augmentation>[]) {
      expect(labels(changes)).toEqual(resampled(changes));
    }
  });

  it('makes no label that was not there', () => {
    const ranges = [
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    ] as const;
    const [entry, shift] = ranges;
    fc.assert(
      fc.property(fc.tuple(entry, entry, entry, entry), fc.tuple(shift, shift), (matrix, moved) => {
        const allowed = new Set([0, ...numbered]);
        expect(labels({ matrix, shift: moved }).every((label) => allowed.has(label))).toBe(true);
      }),
    );
  });

  it('keeps to the image: where a mask is drawn into the image, both lie at the same place behind a rotation', () => {
    const side = 32;
    const plane = { height: side, width: side, channels: 1 };
    const random = createRandom('mask');
    const mask = Uint8Array.from({ length: side * side }, (_, i) =>
      Math.hypot((i % side) - 18, Math.floor(i / side) - 12) < 7 ? 1 : 0,
    );
    const angle = random.next();
    const augmentation = {
      ...still,
      matrix: [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)] as const,
    };
    const [image, moved] = [new Float32Array(side * side), new Int32Array(side * side)];
    resampleImage(Float32Array.from(mask), image, { plane, augmentation });
    resampleLabels(mask, moved, { plane, augmentation });
    const apart = image.filter((value, i) => Math.abs(value - moved[i]!) > 0.75).length;
    expect(apart).toBe(0);
  });
});
