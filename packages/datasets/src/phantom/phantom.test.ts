import { createRandom } from '@probity/core/numerics/random';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../images/decode-image.js';
import { decodeMask } from '../images/decode-mask.js';
import { drawPhantomImage, drawTruth, phantomProbability } from './draw-phantom.js';
import { drawGaussianField, normalCdf } from './gaussian-field.js';
import { generatePhantom } from './generate-phantom.js';

const look = { size: 32, brightness: 0, contrast: 1 };

describe('normalCdf()', () => {
  it.each([
    // scipy 1.15 stats.norm.cdf
    [-3, 0.0013498980316300933],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [2, 0.9772498680518208],
  ])('at %f is %f', (x, expected) => expect(normalCdf(x)).toBeCloseTo(expected, 6));
});

describe('drawGaussianField()', () => {
  it('has uniform Φ at every place, borders included', () => {
    const draws = 3000;
    const places = [0, 11, 65, 119]; // two corners of a row, the middle, the last pixel
    const bins = places.map(() => Array.from({ length: 10 }, () => 0));
    for (let i = 0; i < draws; i++) {
      const { values } = drawGaussianField({ width: 12, height: 10, sigma: 1.5 }, createRandom('field', i));
      places.forEach((place, p) => bins[p]![Math.floor(10 * normalCdf(values[place]!))]!++);
    }
    // χ² with 9 degrees of freedom exceeds 27.9 once in a thousand; four places.
    for (const counts of bins) {
      const chiSquare = counts.reduce((sum, count) => sum + (count - draws / 10) ** 2 / (draws / 10), 0);
      expect(chiSquare).toBeLessThan(31);
    }
  });

  it('correlates as exp(−d² / 4σ²)', () => {
    let product = 0;
    const draws = 4000;
    for (let i = 0; i < draws; i++) {
      const { values } = drawGaussianField({ width: 8, height: 1, sigma: 2 }, createRandom('correlation', i));
      product += values[0]! * values[2]!;
    }
    expect(Math.abs(product / draws - Math.exp(-4 / 16))).toBeLessThan(4 * Math.sqrt(2 / draws));
  });
});

describe('phantomProbability()', () => {
  it('is a fixed linear filter of the image, then a logistic', () => {
    const zeros = new Uint8Array(32 * 32).fill(100);
    const logit = (image: Uint8Array) =>
      phantomProbability(image, { beta: 10, shift: 0.5 }).map((p) => Math.log(p / (1 - p)));
    const flat = logit(zeros);
    const [a, b, both] = [[40], [300], [40, 300]].map((places) => {
      const image = zeros.slice();
      for (const place of places) image[place] = 150;
      return logit(image);
    });
    for (let i = 0; i < flat.length; i++) {
      expect(both![i]! - flat[i]!).toBeCloseTo(a![i]! - flat[i]! + (b![i]! - flat[i]!), 8);
    }
    // A flat image answers 0 to a filter whose weights sum to 0: what is left is −t.
    expect(flat[500]).toBeCloseTo(-(10 * 0.05) - 0.5, 8);
  });
});

describe('drawTruth()', () => {
  it('is Bernoulli(p) a pixel, given the image: frequencies over draws agree with p within binomial error', () => {
    const probability = phantomProbability(drawPhantomImage(look, createRandom('image')), { beta: 40, shift: 0 });
    const draws = 2000;
    const counts = new Float64Array(probability.length);
    for (let i = 0; i < draws; i++)
      drawTruth(probability, createRandom('truth', i)).forEach((y, x) => (counts[x]! += y));
    const z = counts.map(
      (count, x) => (count - draws * probability[x]!) / Math.sqrt(draws * probability[x]! * (1 - probability[x]!) + 1),
    );
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(5);
    const meanSquare = z.reduce((sum, value) => sum + value * value, 0) / z.length;
    expect(meanSquare).toBeGreaterThan(0.7);
    expect(meanSquare).toBeLessThan(1.3);
  });

  it('is calibrated over many images: in each bin of p the share of foreground is p', () => {
    const [sums, truths, images] = [new Float64Array(10), new Float64Array(10), 150];
    const counts = new Float64Array(10);
    const perImage = Array.from({ length: images }, () => new Float64Array(10));
    for (let i = 0; i < images; i++) {
      const probability = phantomProbability(drawPhantomImage(look, createRandom('many', i)), { beta: 40, shift: 0 });
      const truth = drawTruth(probability, createRandom('many-truth', i));
      probability.forEach((p, x) => {
        const bin = Math.floor(10 * p);
        counts[bin]!++;
        sums[bin]! += p;
        truths[bin]! += truth[x]!;
        perImage[i]![bin]! += truth[x]! - p;
      });
    }
    for (let bin = 0; bin < 10; bin++) {
      // Pixels of one image are correlated, images are not: the error comes from the sums of the images.
      const error = Math.sqrt(perImage.reduce((sum, image) => sum + image[bin]! ** 2, 0));
      expect(counts[bin]).toBeGreaterThan(50);
      expect(Math.abs(truths[bin]! - sums[bin]!)).toBeLessThan(4 * error);
    }
  });
});

describe('generatePhantom()', () => {
  const options = { name: 'phantom', seed: 3, items: 6, groups: 3, size: 32 };

  it('makes the same bytes again, and is then a no-op', async () => {
    const [a, b] = [new MemoryArtifactStore(), new MemoryArtifactStore()];
    const first = await generatePhantom({ ...options, store: a });
    expect((await generatePhantom({ ...options, store: b })).version).toEqual(first.version);
    expect(first.reused).toBe(false);
    expect((await generatePhantom({ ...options, store: a })).reused).toBe(true);
    await expect(generatePhantom({ ...options, store: a, seed: 4 })).rejects.toMatchObject({ code: 'ARTIFACT_EXISTS' });
  });

  it('stores image, mask and the map of p, which follows from the stored image', async () => {
    const store = new MemoryArtifactStore();
    const { dataset } = await generatePhantom({ ...options, store, shift: { groups: 1, amount: 1.5 } });
    expect(dataset.items.map(({ group }) => group)).toEqual([
      'group-000',
      'group-000',
      'group-001',
      'group-001',
      'group-002',
      'group-002',
    ]);
    for (const item of dataset.items) {
      const image = await decodeImage(await store.get(item.image), { name: item.id });
      const shift = item.group === 'group-002' ? 1.5 : 0;
      const expected = phantomProbability(image.data as Uint8Array, { beta: 80, shift });
      const key = item.attributes['trueProbability']!;
      const map = await decodeMask(await store.get((await store.find(key))!), { name: key });
      expect(map.data).toEqual(Uint16Array.from(expected, (p) => Math.round(65_535 * p)));
      if (item.label?.kind !== 'mask') throw new Error('no mask');
      const mask = await decodeMask(await store.get(item.label.mask), { name: item.id });
      expect(item.label.classes).toEqual([...new Set(mask.data)].toSorted());
    }
  });

  it('keeps foreground between 5 and 20 percent on the whole', async () => {
    const shares = Array.from({ length: 40 }, (_, i) => {
      const probability = phantomProbability(drawPhantomImage({ ...look, size: 64 }, createRandom('share', i)), {
        beta: 80,
        shift: 0,
      });
      return probability.reduce((sum, p) => sum + p, 0) / probability.length;
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.05);
    expect(mean).toBeLessThan(0.2);
  });

  it.each([{ items: 0 }, { groups: 7 }, { groups: 0 }, { size: 8 }])('refuses %o', async (wrong) => {
    await expect(generatePhantom({ ...options, ...wrong, store: new MemoryArtifactStore() })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
