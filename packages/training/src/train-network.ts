import type { TrainingSpec } from '@probity/core/schemas/campaign-spec';
import type { BatchSource, CreateBatchSource } from './augmentation/batch-source.js';
import { threadedBatchSource } from './augmentation/threaded-batch-source.js';
import { imagesOfPart, partCount } from './batch-parts.js';
import type { TrainingShape } from './compile-step.js';
import type { Engine } from './engine/engine.js';
import { createFittedStep, type CompileStep } from './fitted-step.js';
import { createCommittee } from './inference/committee.js';
import type { PreparedItems, SoftItems } from './items.js';
import type { LossPoint } from './loss-history.js';
import type { NetworkShape } from './models/network-shape.js';
import { requireNoCollapse } from './require-no-collapse.js';
import { trainPart } from './train-part.js';
import type { TrainingHooks } from './training-hooks.js';
import { encodeCheckpoint, historyOf, predictingWeights, type TrainingState } from './training-state.js';

/** What trains, and how. */
export interface TrainingMeans {
  readonly engine: Engine;
  /** Runs what was trained to see that it did not collapse; the engine that trains unless told. */
  readonly predictingEngine?: Engine;
  readonly createBatches?: CreateBatchSource;
  /** Into how many parts batches are cut from the start; 1, whole batches, unless told. */
  readonly batchParts?: number;
  /** Where steps are compiled; each anew unless told. */
  readonly compileStep?: CompileStep;
}

/** One network's way from one step of its schedule to another: a trunk, a member that is forked from it, or a student. */
export interface NetworkRequest extends TrainingMeans {
  /** For messages: `fold 2, member w=-1`. */
  readonly title: string;
  /** For progress: `trunk`, `w=-1` or `student`. */
  readonly part: string;
  readonly seed: number;
  /** Whose batches are drawn. */
  readonly fold: number | 'student';
  readonly model: NetworkShape['model'];
  readonly training: TrainingSpec;
  readonly classCount: number;
  readonly items: PreparedItems | SoftItems;
  /** The same items with one class a pixel: what was learnt is held against them. */
  readonly labelled: () => PreparedItems;
  readonly lesson: Pick<TrainingShape, 'trains' | 'learnsFrom'>;
  /** w of each foreground class; a student has none. */
  readonly operatingPoint?: Float32Array;
  /** The state behind so many steps of the schedule, and at how many to stop. */
  readonly start: TrainingState;
  readonly firstStep: number;
  readonly endStep: number;
}

export interface TrainedNetwork {
  readonly state: TrainingState;
  /** To predict with. */
  readonly weights: Float32Array;
  readonly curve: readonly LossPoint[];
  /** Into how many parts batches were cut at the end; 1: whole batches. */
  readonly batchParts: number;
}

/**
 * Trains one network, from its newest checkpoint where there is one.
 *
 * Deterministic: batches depend on seed, fold and step alone, so a job that was killed goes on to the same weights, and
 * all members of a fold see the same images.
 *
 * A batch that the device's memory does not hold is computed in parts that add up to it, from then on.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED`, `TRAINING_COLLAPSED`, `ENGINE_UNAVAILABLE`, `OUT_OF_MEMORY`, `DEVICE_LOST`
 */
export async function trainNetwork(request: NetworkRequest, hooks: TrainingHooks): Promise<TrainedNetwork> {
  const { seed, fold, items, training, createBatches = threadedBatchSource } = request;
  const { batchSize, augmentation } = training;
  const batches = createBatches({ items, plan: { seed, fold, batchSize, augmentation } }); // a thread starts while the step is compiled
  try {
    const trained = await trainOn(batches, request, hooks);
    await requireLearnt(trained, request);
    return trained;
  } finally {
    await batches.close();
  }
}

async function trainOn(batches: BatchSource, request: NetworkRequest, hooks: TrainingHooks): Promise<TrainedNetwork> {
  const { title, part, model, training, classCount, items, lesson, operatingPoint, firstStep, endStep } = request;
  const checkpoint = await hooks.loadCheckpoint();
  let batchParts = fittingParts(training, Math.max(request.batchParts ?? 1, checkpoint?.batchParts ?? 1));
  const shape = { ...items, ...lesson, model, training, classCount };
  const { engine, compileStep } = request;
  const fitted = await createFittedStep(engine, shape, {
    ...(compileStep && { compile: compileStep }),
    parts: batchParts,
    title: `train ${title}`,
    onHalved: (parts) => {
      batchParts = parts;
      hooks.onBatchHalved(parts);
    },
  });
  try {
    const { state, history } = await trainPart({
      step: fitted,
      training,
      ...(operatingPoint && { operatingPoint }),
      batches,
      state: checkpoint?.state ?? request.start,
      history: historyOf(checkpoint),
      firstStep: checkpoint?.step ?? firstStep,
      endStep,
      title,
      signal: hooks.signal,
      onStep: ({ step, loss, history: { points: curve } }) =>
        hooks.report({ part, done: step - firstStep, total: endStep - firstStep, loss, curve }),
      onCheckpoint: ({ state, history: { points: curve, ...pending } }, step) =>
        hooks.saveCheckpoint(encodeCheckpoint({ step, curve, pending, batchParts, state }), step - firstStep),
    });
    return { state, weights: predictingWeights(state, training, endStep), curve: history.points, batchParts };
  } finally {
    await fitted.dispose();
  }
}

/** 4 parts of a batch of 6 images are 3. */
const fittingParts = ({ batchSize }: TrainingSpec, parts: number): number =>
  partCount(batchSize, imagesOfPart(batchSize, parts));

async function requireLearnt(
  { weights, batchParts }: TrainedNetwork,
  { model, training, classCount, labelled, title, engine, predictingEngine = engine }: NetworkRequest,
): Promise<void> {
  const items = labelled();
  const network = { model, items, classCount, members: [weights] };
  const batchSize = imagesOfPart(training.batchSize, batchParts);
  const committee = await createCommittee({ ...network, batchSize, engine: predictingEngine });
  try {
    await requireNoCollapse({ committee, items, title });
  } finally {
    await committee.dispose();
  }
}
