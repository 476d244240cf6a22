import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { RoundSummary, StudentSummary } from '@probity/core/schemas/campaign-state';
import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import type { Calibration, CalibrationError, Evaluation, SelectedShard } from '@probity/core/schemas/round-artifacts';
import type { TrainedFold, TrainedStudentRecord } from '@probity/core/schemas/trained-networks';
import { fillSpec } from '@probity/core/schemas/fill-spec';
import sharp from 'sharp';
import type { Campaign } from '../campaigns.js';

const SIZE = 8;
const interval = (value: number) => ({ value, low: value - 0.05, high: value + 0.05, level: 0.95 });
const error: CalibrationError = { ece: interval(0.1), brier: interval(0.2), nll: interval(0.3), bins: [] };

/** A segmentation with one finished round: item `sure` was accepted, item `doubtful` ignored, item `labelled` is not of the pool. */
export async function sampleCampaign(store: ArtifactStore): Promise<Campaign> {
  const json = (key: string, value: unknown) => store.put(key, new TextEncoder().encode(JSON.stringify(value)));
  const picture = async (name: string, value: number) => store.put(`blobs/${name}.png`, await greyPng(value));
  const images = {
    sure: await picture('sure', 90),
    doubtful: await picture('doubtful', 120),
    labelled: await picture('labelled', 30),
  };
  const dataset = datasetOf(images);
  const shard = await shardOf(picture);
  const selected = await json('results/select-shard/a/result.json', shard);
  const summary: RoundSummary = {
    round: 0,
    score: interval(0.8),
    eceBefore: interval(0.2),
    eceAfter: interval(0.1),
    poolCount: 2,
    acceptedCount: 1,
    ignoredCount: 1,
    setAsideCount: 0,
    seconds: 12,
    folds: [await json('results/gather-fold/a/result.json', foldOf(images.sure))],
    calibration: await json('results/calibrate-round/a/result.json', calibration),
    selections: [await json('results/gather-selections/a/result.json', { schemaVersion: 1, refs: [selected] })],
    version: await json('results/publish-version/a/result.json', dataset),
    evaluation: await json('results/evaluate-round/a/result.json', evaluation),
  };
  return {
    id: 'sample',
    status: 'running',
    spec: sampleSpec(),
    dataset: await json('datasets/squares/import.json', dataset),
    state: { round: 1, stage: 'training', paused: false, rounds: [summary] },
    startedAt: '2026-01-02T03:04:05.000Z',
    running: [],
  };
}

/** The same campaign at its end, with a student that is a little worse than the ensemble that taught it. */
export async function sampleCampaignWithStudent(store: ArtifactStore): Promise<Campaign> {
  const json = (key: string, value: unknown) => store.put(key, new TextEncoder().encode(JSON.stringify(value)));
  const campaign = await sampleCampaign(store);
  const { model } = campaign.spec;
  const weights = campaign.state.rounds[0]!.folds[0]!;
  const counts = { labelledCount: 1, poolCount: 2 };
  const record: TrainedStudentRecord = {
    schemaVersion: 1,
    round: 0,
    engine: 'onnx',
    model,
    weights,
    onnx: weights,
    image: { height: SIZE, width: SIZE, channels: 1, dtype: 'uint8' },
    classes: ['background', 'square'],
    curve: [{ step: 2, loss: 0.5 }],
    stepsTotal: 2,
    ...counts,
  };
  const own: Evaluation = {
    ...evaluation,
    score: interval(0.75),
    difference: interval(-0.05),
    calibrationBefore: [],
    calibrationAfter: [{ ...error, brier: interval(0.3) }],
  };
  const student: StudentSummary = {
    round: 0,
    score: own.score,
    difference: interval(-0.05),
    ...counts,
    seconds: 3,
    student: await json('results/train-student/a/student.json', record),
    onnx: weights,
    evaluation: await json('results/evaluate-student/a/evaluation.json', own),
  };
  return {
    ...campaign,
    id: 'taught',
    status: 'completed',
    spec: { ...campaign.spec, student: { steps: 2, model } },
    state: { ...campaign.state, round: 0, stage: 'finished', stopReason: 'rounds-max', student },
  };
}

const datasetOf = (images: Readonly<Record<string, ArtifactRef>>): DatasetVersion => ({
  schemaVersion: 1,
  name: 'squares',
  version: 'import',
  task: 'segmentation',
  classes: ['background', 'square'],
  items: Object.entries(images).map(([id, image]) => ({ id, group: id, image: imageOf(image), attributes: {} })),
  setAside: [],
});

async function shardOf(picture: (name: string, value: number) => Promise<ArtifactRef>): Promise<SelectedShard> {
  const mask = await picture('mask', 1);
  return {
    schemaVersion: 1,
    shard: 0,
    decisions: [
      {
        id: 'sure',
        state: 'accepted',
        label: {
          kind: 'mask',
          mask,
          ignore: await picture('ignore', 255),
          classes: [0, 1],
          origin: 'machine',
          round: 0,
          confidence: 0.9,
          decided: 1,
        },
        probabilities: [await picture('probability', 200)],
      },
      {
        id: 'doubtful',
        state: 'ignored',
        reason: 'undecided',
        label: { kind: 'mask', mask, classes: [0], origin: 'machine', round: 0, confidence: 0.6 },
        probabilities: [],
      },
    ],
    setAside: [],
  };
}

function sampleSpec(): Campaign['spec'] {
  const filled = fillSpec({ name: 'sample', dataset: 'squares', split: { test: 2 } });
  if (filled.kind === 'faulty') throw new Error(JSON.stringify(filled.faults));
  return filled.spec;
}

const imageOf = (ref: ArtifactRef) => ({ ...ref, width: SIZE, height: SIZE, channels: 1, bitDepth: 8 }) as const;

const foldOf = (weights: ArtifactRef): TrainedFold => ({
  schemaVersion: 1,
  fold: 0,
  engine: 'onnx',
  trunkCurve: [{ step: 1, loss: 1 }],
  members: [{ operatingPoint: 0, weights, curve: [{ step: 2, loss: 0.5 }] }],
  stepsTotal: 2,
});

const calibration: Calibration = {
  schemaVersion: 1,
  operatingPoints: [0],
  combine: 'calibrate-then-average',
  committees: [{ fold: 0, maps: [{ kind: 'votes', probabilities: [0.1, 0.9] }] }],
  shared: [{ kind: 'votes', probabilities: [0.1, 0.9] }],
  thresholds: [{ classIndex: 1, foregroundMin: 0.7, backgroundMax: 0.3, basis: { kind: 'fixed' } }],
  report: [{ classIndex: 1, before: error, after: error, members: [] }],
};

const evaluation: Evaluation = {
  schemaVersion: 1,
  round: 0,
  score: interval(0.8),
  metrics: {},
  calibrationBefore: [error],
  calibrationAfter: [error],
  items: [],
};

/** A plain grey picture with one brighter corner, so that it has a range. */
async function greyPng(value: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(SIZE * SIZE).fill(value);
  pixels[0] = 255;
  return sharp(pixels, { raw: { width: SIZE, height: SIZE, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
