import { requireSpec } from '@probity/core/schemas/fill-spec';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { initialWeights } from '@probity/training/models/initial-weights';
import { createNetwork } from '@probity/training/models/network';

export const CLASS_COUNT = 2;

/**
 * The network that training and inference are timed with: 487,730 parameters, 128 × 128 pixels, one channel, batches of 8;
 * with base width 32 four times as many parameters.
 */
export function benchmarkSpec(baseWidth = 16): CampaignSpec {
  return requireSpec({
    name: 'bench',
    dataset: 'synthetic',
    split: { test: 1 },
    input: { height: 128, width: 128, channels: 1 },
    model: { kind: 'unet', baseWidth, depth: 4 },
    training: { batchSize: 8 },
  });
}

export function benchmarkWeights({ model, input, seed }: CampaignSpec): Float32Array {
  return initialWeights(createNetwork({ model, channels: input.channels, classCount: CLASS_COUNT }).layout, seed, 0);
}

/** What `load` of peer.py asks for. */
export function peerShape(
  { model, input, training }: CampaignSpec,
  { weights, threads }: { weights: string; threads: number },
): Record<string, unknown> {
  const { baseWidth, depth } = model;
  return {
    command: 'load',
    weights,
    threads,
    classes: CLASS_COUNT,
    baseWidth,
    depth,
    ...input,
    batchSize: training.batchSize,
    learningRate: training.learningRate,
  };
}
