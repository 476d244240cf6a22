import { ProbityError } from '@probity/core/errors';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { BatchSource } from './augmentation/batch-source.js';
import type { Executable } from './engine/engine.js';
import { withLoss, type LossHistory } from './loss-history.js';
import { learningRateAt } from './schedule.js';
import { stateVectorNames, type TrainingState } from './training-state.js';

export interface PartRequest {
  readonly step: Executable;
  readonly training: CampaignSpec['training'];
  /** w of each foreground class. */
  readonly operatingPoint: Float32Array;
  readonly batches: BatchSource;
  readonly state: TrainingState;
  readonly history: LossHistory;
  /** Steps of the schedule that are done, and at how many to stop. */
  readonly firstStep: number;
  readonly endStep: number;
  /** For messages: `fold 2, member w=-1`. */
  readonly title: string;
  readonly signal: AbortSignal | undefined;
  /** Called after every step; may store a checkpoint. */
  readonly onStep: (progress: PartProgress) => Promise<void>;
}

/** What a part is after some steps: with nothing but this it goes on. */
export interface PartProgress extends TrainedPart {
  /** Steps done of the schedule. */
  readonly step: number;
  readonly loss: number;
}

export interface TrainedPart {
  readonly state: TrainingState;
  readonly history: LossHistory;
}

/**
 * Runs the steps of one part: the trunk, or one fork.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED` when a loss, a gradient or a final weight is not a finite number.
 */
export async function trainPart(request: PartRequest): Promise<TrainedPart> {
  const { training, firstStep, endStep, batches, title } = request;
  const names = stateVectorNames(training);
  let { state, history } = request;
  if (firstStep < endStep) batches.begin(firstStep, endStep);

  for (let step = firstStep; step < endStep; step++) {
    request.signal?.throwIfAborted();
    const { images, labels } = await batches.batch(step);
    const results = await request.step.run({
      ...state,
      images,
      labels,
      operatingPoint: request.operatingPoint,
      learningRate: Float32Array.of(learningRateAt(step, training)),
      step: Float32Array.of(step + 1),
    });
    const [loss, gradientNorm] = [results['loss']![0]!, results['gradientNorm']![0]!];
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw diverged(`the loss is ${loss} and the gradient's norm ${gradientNorm}`, { title, step: step + 1 });
    }
    state = Object.fromEntries(names.map((name) => [name, results[`next_${name}`] as Float32Array]));
    history = withLoss(history, { step: step + 1, loss }, { steps: training.steps, endStep });
    await request.onStep({ step: step + 1, loss, history, state });
  }
  // The last update has no loss after it that would show what it did.
  if (!state['weights']!.every(Number.isFinite))
    throw diverged('a weight is not a finite number', { title, step: endStep });
  return { state, history };
}

function diverged(state: string, { title, step }: { title: string; step: number }): ProbityError {
  const message = `Cannot train ${title}: ${state} at step ${step}. Lower training.learningRate or training.gradientNormMax`;
  return new ProbityError('TRAINING_DIVERGED', message, { details: { part: title, step } });
}
