import type { TrainingSpec } from '@probity/core/schemas/campaign-spec';
import type { CreateBatchSource } from './augmentation/batch-source.js';
import { threadedBatchSource } from './augmentation/threaded-batch-source.js';
import type { Engine } from './engine/engine.js';
import { createCommittee } from './inference/committee.js';
import type { SoftItems } from './items.js';
import type { LossPoint } from './loss-history.js';
import { IGNORE_LABEL } from './losses/operating-point-loss.js';
import { initialWeights } from './models/initial-weights.js';
import type { NetworkShape } from './models/network-shape.js';
import { createNetwork } from './models/network.js';
import { requireNoCollapse } from './require-no-collapse.js';
import { trainPart, type PartProgress } from './train-part.js';
import type { TrainingHooks } from './training-hooks.js';
import { encodeCheckpoint, historyOf, initialState, predictingWeights } from './training-state.js';
import { createTrainingStep } from './training-step.js';

export interface StudentRequest {
  readonly seed: number;
  readonly model: NetworkShape['model'];
  /** As members train, with the student's own number of steps. */
  readonly training: TrainingSpec;
  readonly items: SoftItems;
  readonly engine: Engine;
  readonly createBatches?: CreateBatchSource;
}

export interface TrainedStudent {
  readonly weights: Float32Array;
  readonly curve: readonly LossPoint[];
}

const TITLE = 'the student';

/**
 * Trains one network on the probabilities of every class: one part, from the first step of the schedule to the last, on
 * batches that are augmented as members' are.
 *
 * Deterministic, and resumed to the very same weights, as folds are.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED`, `TRAINING_COLLAPSED`, `ENGINE_UNAVAILABLE`
 */
export async function trainStudent(request: StudentRequest, hooks: TrainingHooks): Promise<TrainedStudent> {
  const { seed, model, training, items, engine, createBatches = threadedBatchSource } = request;
  const { classCount } = items;
  const { batchSize, augmentation, steps } = training;
  const checkpoint = await hooks.loadCheckpoint();
  const batches = createBatches({ items, plan: { seed, fold: 'student', batchSize, augmentation } });
  try {
    const step = await createTrainingStep(engine, {
      ...items,
      model,
      training,
      classCount,
      learnsFrom: 'probabilities',
    });
    try {
      const { layout } = createNetwork({ model, channels: items.channels, classCount });
      const { state, history } = await trainPart({
        step,
        training,
        batches,
        state: checkpoint?.state ?? initialState(training, initialWeights(layout, seed, 'student')),
        history: historyOf(checkpoint),
        firstStep: checkpoint?.step ?? 0,
        endStep: steps,
        title: TITLE,
        signal: hooks.signal,
        onStep: (progress) => tell(progress, { training, hooks }),
      });
      const weights = predictingWeights(state, training, steps);
      await requireLearnt(weights, request);
      return { weights, curve: history.points };
    } finally {
      await step.dispose();
    }
  } finally {
    await batches.close();
  }
}

/** Reports a step, and stores a checkpoint where one is due. */
async function tell(
  { step, loss, history, state }: PartProgress,
  { training, hooks }: { training: TrainingSpec; hooks: TrainingHooks },
): Promise<void> {
  const { steps, checkpointEverySteps } = training;
  hooks.report({ part: 'student', done: step, total: steps, loss, curve: history.points });
  if (step % checkpointEverySteps !== 0 && step !== steps) return;
  const { points: curve, ...pending } = history;
  const place = { part: 'student', step, curve, pending, trunkCurve: [] } as const;
  await hooks.saveCheckpoint(encodeCheckpoint({ ...place, state: await state() }), step);
}

async function requireLearnt(weights: Float32Array, { model, training, items, engine }: StudentRequest): Promise<void> {
  const { batchSize } = training;
  const { classCount } = items;
  const committee = await createCommittee({ model, items, classCount, members: [weights], batchSize, engine });
  try {
    await requireNoCollapse({ committee, items: { ...items, labels: mostProbable(items) }, title: TITLE });
  } finally {
    await committee.dispose();
  }
}

/** The class with the highest level of each pixel, the lower one on a tie; none where the pixel teaches nothing. */
function mostProbable({ levels, classCount }: SoftItems): Uint8Array {
  return Uint8Array.from({ length: levels.length / classCount }, (_, pixel) => {
    const here = levels.subarray(pixel * classCount, (pixel + 1) * classCount);
    const highest = Math.max(...here);
    return highest === 0 ? IGNORE_LABEL : here.indexOf(highest);
  });
}
