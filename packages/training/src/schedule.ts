import type { TrainingSpec } from '@probity/core/schemas/campaign-spec';

/**
 * Learning rate of a step: linear warm-up, then half a cosine down to zero (Loshchilov and Hutter 2017, arXiv 1608.03983,
 * without restarts).
 *
 * @param step 0-based, below `steps`. A fork goes on where its trunk stopped.
 */
export function learningRateAt(
  step: number,
  { learningRate, warmupSteps, steps }: Pick<TrainingSpec, 'learningRate' | 'warmupSteps' | 'steps'>,
): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  return learningRate * 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (steps - warmupSteps)));
}
