import type { Random } from '@probity/core/numerics/random';
import type { AugmentationSpec } from '@probity/core/schemas/campaign-spec';

/** One draw: where each pixel of the new image comes from, and what becomes of its brightness. */
export interface Augmentation {
  /** Output pixel → input pixel, both relative to the centre, in pixels: [a, b, c, d] of x' = a·x + b·y, y' = c·x + d·y. */
  readonly matrix: readonly [number, number, number, number];
  /** Of the input, as a share of its width and height. */
  readonly shift: readonly [number, number];
  readonly contrast: number;
  readonly gamma: number;
  readonly noiseStandardDeviation: number;
}

/** Draws every member in a fixed order, so that the same stream gives the same augmentation. */
export function drawAugmentation(spec: AugmentationSpec, random: Random): Augmentation {
  const between = (low: number, high: number) => low + (high - low) * random.next();
  const logBetween = (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high)));
  const angle = (between(-spec.rotationDegreesMax, spec.rotationDegreesMax) * Math.PI) / 180;
  const inverseScale = 1 / logBetween(spec.scaleMin, spec.scaleMax);
  const flipX = random.next() < 0.5 && spec.flipHorizontal ? -1 : 1;
  const flipY = random.next() < 0.5 && spec.flipVertical ? -1 : 1;
  const shift = [between(-1, 1) * spec.shiftFractionMax, between(-1, 1) * spec.shiftFractionMax] as const;
  const [cos, sin] = [Math.cos(angle) * inverseScale, Math.sin(angle) * inverseScale];
  return {
    matrix: [cos * flipX, -sin * flipX, sin * flipY, cos * flipY],
    shift,
    contrast: logBetween(spec.contrastMin, spec.contrastMax),
    gamma: logBetween(spec.gammaMin, spec.gammaMax),
    noiseStandardDeviation: between(0, spec.noiseStandardDeviationMax),
  };
}
