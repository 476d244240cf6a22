import type { Thresholds } from '../schemas/round-artifacts.js';

/** Probabilities are stored and decided in 8 bits: level / 255. */
export const LEVEL_COUNT = 256;
export const LEVEL_MAX = 255;

/** @param probability 0 to 1. @returns The nearest level, the upper one of two. */
export const levelOf = (probability: number): number => Math.floor(probability * LEVEL_MAX + 0.5);

/** Levels of one class. @param probabilities Shape (pixels, classes), 0 to 1. */
export function levelsOf(
  probabilities: Float32Array,
  { index, classes }: { index: number; classes: number },
): Uint8Array {
  const levels = new Uint8Array(probabilities.length / classes);
  for (let pixel = 0, i = index; pixel < levels.length; pixel++, i += classes)
    levels[pixel] = levelOf(probabilities[i]!);
  return levels;
}

/** Pixels a level, 0 to 255. */
export function histogramOf(levels: Uint8Array): number[] {
  const histogram = new Uint32Array(LEVEL_COUNT);
  for (let pixel = 0; pixel < levels.length; pixel++) histogram[levels[pixel]!]!++;
  return Array.from(histogram);
}

/** Thresholds in levels: foreground from `foreground` up (256: never), background up to `background` (−1: never). */
export interface LevelThresholds {
  readonly foreground: number;
  readonly background: number;
}

export function levelThresholds({
  foregroundMin,
  backgroundMax,
}: Pick<Thresholds, 'foregroundMin' | 'backgroundMax'>): LevelThresholds {
  // 0.8 · 255 is 204.00000000000003: a threshold on a level must mean that level.
  const foreground = Math.ceil(foregroundMin * LEVEL_MAX - 1e-9);
  const background = Math.floor(backgroundMax * LEVEL_MAX + 1e-9);
  return {
    foreground: Math.min(LEVEL_COUNT, Math.max(0, foreground)),
    background: Math.max(-1, Math.min(LEVEL_MAX, background)),
  };
}
