import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { requireSpec } from '@probity/core/schemas/fill-spec';
import type { Calibration, CampaignPlan, ProbabilityMap } from '@probity/core/schemas/round-artifacts';
import type { TrainedFold } from '@probity/core/schemas/trained-networks';
import type { SweepShardRequest } from '@probity/core/schemas/steps';
import { generatePhantom } from '@probity/datasets/phantom/generate-phantom';
import { putBlob } from '@probity/datasets/versions/put-blob';
import { bytesOf } from '@probity/training/float-bytes';
import { untrainedCommittees } from './untrained-committees.js';

export const IMAGE_SIZE = 256;

/** Drawing takes longer than sweeping: items share images, each of which is read and decoded anew. */
const IMAGES_DRAWN = 16;

/** The ensemble of examples/sunnybrook.yaml: 3 folds of 7 members of width 8; images of 256 × 256 pixels as PNG. */
export function sweepSpec(baseWidth = 8): CampaignSpec {
  return requireSpec({
    name: 'bench-sweep',
    dataset: 'phantom',
    split: { test: 1 },
    input: { height: 128, width: 128, channels: 1 },
    model: { kind: 'unet', baseWidth, depth: 4 },
    ensemble: { folds: 3, operatingPoints: [-3, -2, -1, 0, 1, 2, 3] },
  });
}

/** The same campaign with an ensemble of one network. */
export function oneMemberSpec(): CampaignSpec {
  const spec = sweepSpec();
  return { ...spec, ensemble: { ...spec.ensemble, folds: 1, operatingPoints: [0] } };
}

export type SweepInputs = Omit<SweepShardRequest, 'shard'>;

interface SweepToWrite {
  readonly spec: CampaignSpec;
  readonly shards: number;
  readonly itemsPerShard: number;
}

/**
 * Everything that a sweep reads, in a store: images, plan, untrained members (as slow as trained ones) and a calibration.
 *
 * @param rangesOf Of the convolutions of a committee; the sweep is in 8 bits where it is given, else in float32.
 */
export async function writeSweepCampaign(
  store: ArtifactStore,
  { spec, shards, itemsPerShard }: SweepToWrite,
  rangesOf?: (members: readonly Float32Array[]) => Promise<readonly object[]>,
): Promise<SweepInputs> {
  const { dataset: drawn } = await generatePhantom({
    store,
    name: 'phantom',
    seed: 1,
    items: IMAGES_DRAWN,
    groups: 1,
    size: IMAGE_SIZE,
  });
  const items = Array.from({ length: shards * itemsPerShard }, (_, i) => ({
    ...drawn.items[i % IMAGES_DRAWN]!,
    id: `item-${i}`,
  }));
  const ids = items.map(({ id }) => id);
  const plan: CampaignPlan = {
    schemaVersion: 1,
    dataset: await putJson(store, { ...drawn, items }),
    labelled: [],
    test: [],
    shards: Array.from({ length: shards }, (_, shard) => ids.slice(shard * itemsPerShard, (shard + 1) * itemsPerShard)),
    folds: { count: spec.ensemble.folds, byGroup: {}, sha256: '', remarks: [] },
  };
  const [models, ranges]: [ArtifactRef[], ArtifactRef[]] = [[], []];
  for (const [fold, members] of untrainedCommittees(spec, 'apart').entries()) {
    models.push(await putJson(store, await putFold(store, { spec, fold, members })));
    if (rangesOf) ranges.push(await putJson(store, await rangesOf(members)));
  }
  const calibration: Calibration = {
    ...calibrationOf(spec),
    ...(rangesOf && { precision: { used: 'int8', ranges, differences: [] } }),
  };
  const refs = { plan: await putJson(store, plan), models, calibration: await putJson(store, calibration) };
  return { campaignId: spec.name, spec, round: 0, ...refs };
}

const putJson = (store: ArtifactStore, value: unknown): Promise<ArtifactRef> =>
  putBlob(store, new TextEncoder().encode(JSON.stringify(value)), 'json');

interface FoldToPut {
  readonly spec: CampaignSpec;
  readonly fold: number;
  readonly members: readonly Float32Array[];
}

async function putFold(store: ArtifactStore, { spec, fold, members: weights }: FoldToPut): Promise<TrainedFold> {
  const members: TrainedFold['members'] = [];
  for (const [i, operatingPoint] of spec.ensemble.operatingPoints.entries())
    members.push({
      operatingPoint,
      weights: await putBlob(store, bytesOf(weights[i]!), 'f32'),
      curve: [],
    });
  return { schemaVersion: 1, fold, engine: 'bench', trunkCurve: [], members, stepsTotal: 0 };
}

/** A calibration of the right shape. */
export function calibrationOf({ ensemble }: Pick<CampaignSpec, 'ensemble'>): Calibration {
  const { operatingPoints, folds } = ensemble;
  const map: ProbabilityMap = {
    kind: 'patterns',
    zero: 0.01,
    weights: operatingPoints.map(() => 0.99 / operatingPoints.length),
  };
  return {
    schemaVersion: 1,
    operatingPoints,
    combine: 'calibrate-then-average',
    committees: Array.from({ length: folds }, (_, fold) => ({ fold, maps: [map] })),
    shared: [map],
    thresholds: [],
    report: [],
  };
}
