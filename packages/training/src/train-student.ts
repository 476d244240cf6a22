import type { TrainingSpec } from '@probity/core/schemas/campaign-spec';
import type { CreateBatchSource } from './augmentation/batch-source.js';
import { threadedBatchSource } from './augmentation/threaded-batch-source.js';
import type { Engine } from './engine/engine.js';
import { imagesOfPart } from './batch-parts.js';
import { FoldStep } from './fold-step.js';
import { createCommittee } from './inference/committee.js';
import type { SoftItems } from './items.js';
import type { LossPoint } from './loss-history.js';
import { IGNORE_LABEL } from './losses/operating-point-loss.js';
import { initialWeights } from './models/initial-weights.js';
import type { NetworkShape } from './models/network-shape.js';
import { createNetwork } from './models/network.js';
import { requireNoCollapse } from './require-no-collapse.js';
import { trainPart } from './train-part.js';
import type { TrainingHooks } from './training-hooks.js';
import { encodeCheckpoint, historyOf, initialState, predictingWeights } from './training-state.js';

export interface StudentRequest {
  readonly seed: number;
  readonly model: NetworkShape['model'];
  /** As members train, with the student's own number of steps. */
  readonly training: TrainingSpec;
  readonly items: SoftItems;
  readonly engine: Engine;
  /** Runs what was trained to see that it did not collapse; the engine that trains unless told. */
  readonly predictingEngine?: Engine;
  readonly createBatches?: CreateBatchSource;
  /** Into how many parts batches are cut from the start; 1, whole batches, unless told. */
  readonly batchParts?: number;
}

export interface TrainedStudent {
  readonly weights: Float32Array;
  readonly curve: readonly LossPoint[];
  /** Into how many parts batches were cut at the end; 1: whole batches. */
  readonly batchParts: number;
}

const TITLE = 'the student';

/**
 * Trains one network on the probabilities of every class: one part, from the first step of the schedule to the last, on
 * batches that are augmented as members' are.
 *
 * Deterministic, resumed to the very same weights, and cut to a device's memory, as folds are.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED`, `TRAINING_COLLAPSED`, `ENGINE_UNAVAILABLE`, `OUT_OF_MEMORY`, `DEVICE_LOST`
 */
export async function trainStudent(request: StudentRequest, hooks: TrainingHooks): Promise<TrainedStudent> {
  const { seed, model, training, items, engine, createBatches = threadedBatchSource } = request;
  const { classCount } = items;
  const { batchSize, augmentation } = training;
  const checkpoint = await hooks.loadCheckpoint();
  const batches = createBatches({ items, plan: { seed, fold: 'student', batchSize, augmentation } });
  try {
    const steps = new FoldStep(
      engine,
      { ...items, model, training, classCount, learnsFrom: 'probabilities' },
      {
        parts: Math.max(request.batchParts ?? 1, checkpoint?.batchParts ?? 1),
        title: `train ${TITLE}`,
        onHalved: (parts) => hooks.onBatchHalved(parts),
      },
    );
    try {
      const { layout } = createNetwork({ model, channels: items.channels, classCount });
      const { state, history } = await trainPart({
        step: await steps.of('all'),
        training,
        batches,
        state: checkpoint?.state ?? initialState(training, initialWeights(layout, seed, 'student')),
        history: historyOf(checkpoint),
        firstStep: checkpoint?.step ?? 0,
        endStep: training.steps,
        title: TITLE,
        signal: hooks.signal,
        onStep: ({ step: done, loss, history: { points: curve } }) =>
          hooks.report({ part: 'student', done, total: training.steps, loss, curve }),
        onCheckpoint: async ({ state, history }, step) => {
          const { points: curve, ...pending } = history;
          const place = { part: 'student', step, curve, pending, trunkCurve: [], batchParts: steps.parts } as const;
          await hooks.saveCheckpoint(encodeCheckpoint({ ...place, state }), step);
        },
      });
      const weights = predictingWeights(state, training, training.steps);
      await requireLearnt(weights, { ...request, batchParts: steps.parts });
      return { weights, curve: history.points, batchParts: steps.parts };
    } finally {
      await steps.dispose();
    }
  } finally {
    await batches.close();
  }
}

async function requireLearnt(
  weights: Float32Array,
  { model, training, items, engine, predictingEngine = engine, batchParts = 1 }: StudentRequest,
): Promise<void> {
  const batchSize = imagesOfPart(training.batchSize, batchParts);
  const { classCount } = items;
  const network = { model, items, classCount, members: [weights] };
  const committee = await createCommittee({ ...network, batchSize, engine: predictingEngine });
  try {
    await requireNoCollapse({ committee, items: { ...items, labels: mostProbable(items) }, title: TITLE });
  } finally {
    await committee.dispose();
  }
}

/** The class with the highest level of each pixel, the lower one on a tie; none where the pixel teaches nothing. */
function mostProbable({ levels, classCount }: SoftItems): Uint8Array {
  const classes = new Uint8Array(levels.length / classCount).fill(IGNORE_LABEL);
  for (let pixel = 0; pixel < classes.length; pixel++) {
    let highest = 0;
    for (let c = 0; c < classCount; c++) {
      const level = levels[pixel * classCount + c]!;
      if (level <= highest) continue;
      highest = level;
      classes[pixel] = c;
    }
  }
  return classes;
}
