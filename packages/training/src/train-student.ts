import type { TrainingSpec } from '@probity/core/schemas/campaign-spec';
import type { SoftItems } from './items.js';
import { IGNORE_LABEL } from './losses/operating-point-loss.js';
import { initialWeights } from './models/initial-weights.js';
import type { NetworkShape } from './models/network-shape.js';
import { createNetwork } from './models/network.js';
import { trainNetwork, type TrainedNetwork, type TrainingMeans } from './train-network.js';
import type { TrainingHooks } from './training-hooks.js';
import { initialState } from './training-state.js';

export interface StudentRequest extends TrainingMeans {
  readonly seed: number;
  readonly model: NetworkShape['model'];
  /** As members train, with the student's own number of steps. */
  readonly training: TrainingSpec;
  readonly items: SoftItems;
}

export type TrainedStudent = Pick<TrainedNetwork, 'weights' | 'curve' | 'batchParts'>;

/**
 * Trains one network on the probabilities of every class: one part, from the first step of the schedule to the last, on
 * batches that are augmented as members' are.
 *
 * Deterministic, resumed to the very same weights, and cut to a device's memory, as folds are.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED`, `TRAINING_COLLAPSED`, `ENGINE_UNAVAILABLE`, `OUT_OF_MEMORY`, `DEVICE_LOST`
 */
export function trainStudent(request: StudentRequest, hooks: TrainingHooks): Promise<TrainedStudent> {
  const { seed, model, training, items } = request;
  const { classCount } = items;
  const { layout } = createNetwork({ model, channels: items.channels, classCount });
  return trainNetwork(
    {
      ...request,
      title: 'the student',
      part: 'student',
      fold: 'student',
      classCount,
      labelled: () => ({ ...items, labels: mostProbable(items) }),
      lesson: { learnsFrom: 'probabilities' },
      start: initialState(training, initialWeights(layout, seed, 'student')),
      firstStep: 0,
      endStep: training.steps,
    },
    hooks,
  );
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
