import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { requireSpec } from '@probity/core/schemas/fill-spec';

/** Overrides of a spec, key by key, as a person would write them. */
export type SpecChanges = Readonly<Record<string, unknown>>;

/** Two folds of three members, one pseudo-label round: every step of the loop, in seconds. */
export function smallSpec(changes: SpecChanges = {}): CampaignSpec {
  return requireSpec({
    name: 'small',
    dataset: 'discs',
    seed: 5,
    split: { labelled: 'given', test: 2 },
    input: { height: 32, width: 32 },
    model: { kind: 'unet', baseWidth: 4, depth: 2 },
    training: { steps: 30, batchSize: 4, learningRate: 0.02, warmupSteps: 2, checkpointEverySteps: 5 },
    ensemble: { folds: 2, operatingPoints: [-1, 0, 1], forkAt: 0.7 },
    calibration: { map: 'votes' },
    selection: {
      thresholds: { kind: 'fixed', foregroundMin: 0.6, backgroundMax: 0.3 },
      decidedMin: 0.2,
      emptyItems: 'accept',
    },
    rounds: { max: 1, stopWhenWorseBy: 1 },
    shardSize: 6,
    sweepWindow: 2,
    ...changes,
  });
}

/** Six labelled groups of two, of which two are the test set, and six groups as the pool. */
export const SMALL_DATASET = { name: 'discs', groups: 12, itemsPerGroup: 2, labelledGroups: 6 } as const;
