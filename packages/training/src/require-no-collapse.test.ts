import { describe, expect, it } from 'vitest';
import type { Committee } from './inference/committee.js';
import type { PreparedItems } from './items.js';
import { requireNoCollapse } from './require-no-collapse.js';
import { brightOrDark, squares } from './testing/tiny-fold.js';

/** A member whose score of class 1 is a function of the pixel's brightness. */
const member = (score: (brightness: number) => number): Committee => ({
  predict: (images, count) => {
    const pixels = images.length / count;
    const scores = Array.from({ length: count }, (_, item) =>
      images.subarray(item * pixels, (item + 1) * pixels).map(score),
    );
    return Promise.resolve(
      scores.map((ofPixels) => ({
        memberClasses: Uint8Array.from(ofPixels, (q) => (q > 0.5 ? 1 : 0)),
        meanScores: Float32Array.from([...ofPixels].flatMap((q) => [1 - q, q])),
      })),
    );
  },
  dispose: () => Promise.resolve(),
});

const check = (score: (brightness: number) => number, items: PreparedItems = squares(8)) =>
  requireNoCollapse({ committee: member(score), items, title: 'fold 1, member w=3' });
const collapsed = expect.objectContaining({
  code: 'TRAINING_COLLAPSED',
  message: expect.stringContaining('Cannot use fold 1, member w=3: it predicts class'),
});

describe('requireNoCollapse()', () => {
  it('lets a member pass that marks both classes', async () => {
    await check((brightness) => (brightness > 0.5 ? 0.9 : 0.1));
  });

  it('refuses a member with one and the same score everywhere', async () => {
    await expect(check(() => 0.1)).rejects.toEqual(collapsed);
    await expect(check(() => 0.9)).rejects.toEqual(collapsed);
  });

  it('refuses a member whose scores are not numbers', async () => {
    await expect(check(() => Number.NaN)).rejects.toEqual(collapsed);
  });

  it('refuses a member that never marks the class and whose scores fall where it is', async () => {
    await expect(check((brightness) => (brightness > 0.5 ? 0.1 : 0.2))).rejects.toEqual(collapsed);
  });

  it('lets a member at a far operating point pass, whose score never reaches the middle but follows the class', async () => {
    await check((brightness) => (brightness > 0.5 ? 0.2 : 0.01));
  });

  it('asks nothing where the labels hold one class, or nothing that is known', async () => {
    for (const label of [0, 1, 255]) {
      const items = squares(4);
      items.labels.fill(label);
      await check(() => 0.1, items);
    }
  });

  it('finds the second class in items that come sorted by class', async () => {
    const { ids, labels, images, ...sizes } = squares(200);
    labels.fill(0, 0, (labels.length * 199) / 200);
    const items = { ...sizes, ids, images, labels };
    labels.fill(1, (labels.length * 150) / 200);
    await expect(check(() => 0.1, items)).rejects.toEqual(collapsed);
  });

  it('judges classes of whole images too', async () => {
    const items = { ...brightOrDark(40), height: 1, width: 1 };
    const ofOnePixel = { ...items, images: Float32Array.from(items.labels) };
    await expect(check(() => 0.3, ofOnePixel)).rejects.toEqual(collapsed);
    await check((brightness) => 0.2 + 0.1 * brightness, ofOnePixel);
  });
});
