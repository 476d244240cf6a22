import type { Thresholds } from '../schemas/round-artifacts.js';

/** Probabilities are stored and decided in 8 bits: level / 255. */
export const LEVEL_COUNT = 256;
export const LEVEL_MAX = 255;

export function levelOf(probability: number): number {
  return Math.round(probability * LEVEL_MAX);
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
