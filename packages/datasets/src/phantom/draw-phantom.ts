import type { Random } from '@probity/core/numerics/random';
import { gaussianBlur, type Field } from './gaussian-blur.js';
import { drawGaussianField, normalCdf } from './gaussian-field.js';

/** Lengths below are pixels of a 64-pixel image; they grow with the image. */
const REFERENCE_SIZE = 64;

/** The rule h: bright where a lesion's scale stands out, lowered where its wider surroundings are bright too. */
const RULE = { centre: 1.5, ring: 6, surround: 12, confuserWeight: 0.6 };

/** Answer of h at which p = 1/2, in grey levels of 0 to 1. */
const HALF_AT = 0.05;

/** Correlation length of the truth's field: about a lesion, so that pieces stay in one. */
const TRUTH_SIGMA = 3;

export interface PhantomLook {
  readonly size: number;
  /** Grey offset and contrast that the items of a group share. */
  readonly brightness: number;
  readonly contrast: number;
}

/**
 * Draws an image, noise and all: structured background (two smooth fields, a few fibres), textured lesions, and two
 * confusers: broad bright plateaus, and lesions' look-alikes on them, which the rule plays down.
 *
 * Quantised to 8 bits, since the probability must be that of the image that is stored.
 *
 * @returns Shape (size, size), 0 to 255.
 */
export function drawPhantomImage({ size, brightness, contrast }: PhantomLook, random: Random): Uint8Array {
  const unit = size / REFERENCE_SIZE;
  const grey = new Float64Array(size * size);
  const add = (field: Field, weight: number) => field.values.forEach((value, i) => (grey[i]! += weight * value));
  const smooth = (sigma: number) => drawGaussianField({ width: size, height: size, sigma: sigma * unit }, random);
  add(smooth(12), 0.05);
  add(smooth(2.5), 0.012);
  for (let fibre = 0; fibre < 3; fibre++) addFibre(grey, { size, unit }, random);

  const plateaus = Array.from({ length: 1 + random.integer(2) }, () => randomPlace(size, random));
  for (const place of plateaus) addBlob(grey, { size, ...place, radius: (9 + 4 * random.next()) * unit, height: 0.2 });
  const texture = smooth(1.2);
  const lesions = Array.from({ length: 3 + random.integer(3) }, () => randomPlace(size, random));
  const lookAlikes = plateaus.map(({ x, y }) => ({
    x: x + 4 * unit * random.normal(),
    y: y + 4 * unit * random.normal(),
  }));
  for (const place of [...lesions, ...lookAlikes]) {
    const radius = (4 + 3 * random.next()) * unit;
    addBlob(grey, { size, ...place, radius, height: 0.22 + 0.12 * random.next(), texture });
  }
  return Uint8Array.from(grey, (value) => {
    const noisy = 0.3 + brightness + contrast * value + 0.02 * random.normal();
    return Math.round(255 * Math.min(1, Math.max(0, noisy)));
  });
}

/**
 * The true probability of foreground, p(x) = σ(β·(h∗I)(x) − t), a fixed local rule on the image as stored.
 *
 * h is a difference of Gaussians at a lesion's scale minus a weighted one at its surroundings' scale; t = β·θ + shift
 * with θ fixed, so that β sets how much doubt there is and leaves the line p = 1/2 in place. A shift > 0 makes
 * foreground rarer without changing the images: the data on which promises must break.
 *
 * @param image Shape (size, size), 0 to 255.
 * @returns Shape (size, size), 0 to 1.
 */
export function phantomProbability(image: Uint8Array, { beta, shift }: { beta: number; shift: number }): Float64Array {
  const size = Math.sqrt(image.length);
  const unit = size / REFERENCE_SIZE;
  const field = { width: size, height: size, values: Float64Array.from(image, (value) => value / 255) };
  const centre = gaussianBlur(field, RULE.centre * unit).values;
  const ring = gaussianBlur(field, RULE.ring * unit).values;
  const surround = gaussianBlur(field, RULE.surround * unit).values;
  return centre.map((value, i) => {
    const answer = value - ring[i]! - RULE.confuserWeight * (ring[i]! - surround[i]!);
    return 1 / (1 + Math.exp(-(beta * (answer - HALF_AT) - shift)));
  });
}

/**
 * Draws a truth from p: y(x) = 1[Φ(g(x)) < p(x)] with g a smooth Gaussian field of unit variance. Each pixel is
 * Bernoulli(p(x)) given the image, and neighbours agree. Several readers are several draws.
 */
export function drawTruth(probability: Float64Array, random: Random): Uint8Array {
  const size = Math.sqrt(probability.length);
  const field = drawGaussianField({ width: size, height: size, sigma: (TRUTH_SIGMA * size) / REFERENCE_SIZE }, random);
  return Uint8Array.from(probability, (p, i) => (normalCdf(field.values[i]!) < p ? 1 : 0));
}

const randomPlace = (size: number, random: Random) => ({ x: random.next() * size, y: random.next() * size });

interface Blob {
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly height: number;
  readonly texture?: Field;
}

/** A disc with a soft edge; a texture modulates its height. */
function addBlob(grey: Float64Array, { size, x, y, radius, height, texture }: Blob): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const distance = Math.hypot(column - x, row - y);
      const inside = 1 / (1 + Math.exp((4 * (distance - radius)) / Math.sqrt(radius)));
      const pattern = texture === undefined ? 1 : 1 + 0.25 * texture.values[row * size + column]!;
      grey[row * size + column]! += height * inside * pattern;
    }
  }
}

/** A straight bright line across the image. */
function addFibre(grey: Float64Array, { size, unit }: { size: number; unit: number }, random: Random): void {
  const angle = Math.PI * random.next();
  const offset = size * (random.next() - 0.5);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const distance = (column - size / 2) * cos + (row - size / 2) * sin - offset;
      grey[row * size + column]! += 0.06 * Math.exp(-((distance / unit) ** 2) / 2);
    }
  }
}
