import { describe, expect, it } from 'vitest';
import type { PreparedItems, SoftItems } from '../items.js';
import { brightOrDark, noAugmentation, squares, tinySpec } from '../testing/tiny-fold.js';
import { makeBatch, type BatchPlan } from './make-batch.js';

const plan: BatchPlan = { seed: 1, fold: 0, batchSize: 4, augmentation: tinySpec().training.augmentation };

/** Images of one pixel whose value is the item's number. */
function numbered(count: number): PreparedItems {
  const sizes = { height: 1, width: 1, channels: 1, labelHeight: 1, labelWidth: 1 } as const;
  const numbers = Array.from({ length: count }, (_, i) => i);
  return { ...sizes, ids: numbers.map(String), images: Float32Array.from(numbers), labels: Uint8Array.from(numbers) };
}

describe('makeBatch()', () => {
  it('is a pure function of plan and step, whatever was made before', () => {
    const items = squares(6);
    const batch = makeBatch(items, plan, 5);
    for (const step of [0, 1, 2, 17]) makeBatch(items, plan, step);
    makeBatch(squares(5), { ...plan, seed: 9 }, 5);
    expect(makeBatch(items, plan, 5)).toEqual(batch);
  });

  it('augments differently from step to step, place to place, fold to fold and seed to seed', () => {
    const one = squares(1); // no order of items that could differ
    const batches = [
      makeBatch(one, plan, 5),
      makeBatch(one, plan, 6),
      makeBatch(one, { ...plan, fold: 1 }, 5),
      makeBatch(one, { ...plan, seed: 2 }, 5),
    ];
    const images = batches.flatMap((batch) =>
      [0, 1, 2, 3].map((i) => batch.images.slice(i * 256, (i + 1) * 256).join()),
    );
    expect(new Set(images).size).toBe(16);
  });

  it('shows every item once an epoch, each epoch in an order of its own', () => {
    const plain = { ...plan, augmentation: noAugmentation };
    const shown = Array.from({ length: 15 }, (_, step) => [...makeBatch(numbered(10), plain, step).labels]).flat();
    const epochs = Array.from({ length: 6 }, (_, i) => shown.slice(10 * i, 10 * i + 10));
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map((epoch) => epoch.join())).size).toBe(6);
  });

  it('fills a batch from fewer items than it holds', () => {
    const { labels } = makeBatch(numbered(3), { ...plan, augmentation: noAugmentation }, 0);
    expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
    expect(labels).toHaveLength(4);
  });

  it('leaves the items as they were, and gives their own pixels where nothing is augmented', () => {
    const items = squares(4);
    const before = Float32Array.from(items.images);
    const { images, labels } = makeBatch(items, { ...plan, augmentation: noAugmentation }, 0);
    expect(items.images).toEqual(before);
    const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b);
    expect(sum(images)).toBeCloseTo(sum(before), 2);
    expect(sum(labels)).toBe(sum(items.labels));
  });

  it('keeps the class of an image and ignored pixels through every augmentation', () => {
    const classes = brightOrDark(4);
    const label = makeBatch(classes, plan, 0).labels;
    expect([...label].toSorted()).toEqual([0, 0, 1, 1]);
    const ignored = squares(4);
    ignored.labels.fill(255);
    expect(new Set(makeBatch(ignored, plan, 0).labels)).toEqual(new Set([0, 255])); // 0 from beyond the border
  });
});

/** The same items as probabilities: what a label says is certain, an ignored pixel teaches nothing. */
function softened({ labels, ...items }: PreparedItems, classCount: number): SoftItems {
  const levels = new Uint8Array(labels.length * classCount);
  labels.forEach((label, i) => {
    if (label !== 255) levels[i * classCount + label] = 255;
  });
  return { ...items, classCount, levels };
}

describe('makeBatch() of probabilities', () => {
  const ignoring = squares(4);
  ignoring.labels.fill(255, 0, 100);

  it.each([
    ['masks', ignoring],
    ['classes of whole images', brightOrDark(4)],
  ])('shows what it would show of labels that say the same: %s', (_, items) => {
    for (const step of [0, 3]) {
      const [hard, soft] = [makeBatch(items, plan, step), makeBatch(softened(items, 2), plan, step)];
      expect(soft.images).toEqual(hard.images);
      const expected = [...hard.labels].flatMap((label) => (label === 255 ? [0, 0] : label === 1 ? [0, 1] : [1, 0]));
      expect([...soft.targets]).toEqual(expected);
    }
  });

  it("keeps every pixel's probabilities together, from 0 to 1", () => {
    const items = softened(squares(4), 3);
    for (let pixel = 0; pixel < items.levels.length; pixel += 3) items.levels.set([51, 153, 51], pixel);
    const { targets } = makeBatch(items, plan, 0);
    const pixels = Array.from({ length: targets.length / 3 }, (_, i) => targets.slice(3 * i, 3 * i + 3).join());
    const inside = Float32Array.of(0.2, 0.6, 0.2).join();
    expect(new Set(pixels)).toEqual(new Set([inside, '1,0,0'])); // background from beyond the border
  });
});
