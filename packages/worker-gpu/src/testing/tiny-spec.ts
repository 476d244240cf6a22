import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';

/** A campaign that runs in well under a minute on two cores. */
export function tinySpec(changes: Partial<CampaignSpec> = {}): CampaignSpec {
  return {
    schemaVersion: 1,
    name: 'tiny',
    dataset: 'squares',
    task: 'segmentation',
    seed: 11,
    split: { labelled: 4, test: 2 },
    input: { height: 32, width: 32, channels: 1 },
    model: { kind: 'unet', baseWidth: 4, depth: 2, normalisation: 'instance' },
    training: {
      steps: 40,
      batchSize: 4,
      optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
      learningRate: 0.02,
      warmupSteps: 4,
      gradientNormMax: 5,
      weightAverage: { kind: 'none' },
      augmentation: {
        flipHorizontal: true,
        flipVertical: true,
        rotationDegreesMax: 0,
        scaleMin: 1,
        scaleMax: 1,
        shiftFractionMax: 0,
        contrastMin: 0.9,
        contrastMax: 1.1,
        gammaMin: 0.9,
        gammaMax: 1.1,
        noiseStandardDeviationMax: 0.05,
      },
      checkpointEverySteps: 10,
    },
    ensemble: { folds: 2, operatingPoints: [-1, 0, 1], centre: 0, forkAt: 0.75, forkTrains: 'all' },
    inference: { precision: 'float32', earlyExit: false },
    calibration: { map: 'votes', combine: 'calibrate-then-average', weighting: 'pixels' },
    selection: {
      thresholds: { kind: 'fixed', foregroundMin: 0.7, backgroundMax: 0.3 },
      decidedMin: 0.3,
      emptyItems: 'ignore',
    },
    rounds: { max: 1, stopWhenWorseBy: 1 },
    gate: 'automatic',
    shardSize: 8,
    sweepWindow: 2,
    jobTimeoutMinutes: 10,
    ...changes,
  };
}
