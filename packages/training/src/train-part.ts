import { ProbityError } from '@probity/core/errors';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { BatchSource } from './augmentation/batch-source.js';
import { withLoss, type LossHistory } from './loss-history.js';
import { learningRateAt } from './schedule.js';
import type { TrainingState } from './training-state.js';
import type { TrainingStep } from './training-step.js';

export interface PartRequest {
  readonly step: TrainingStep;
  readonly training: CampaignSpec['training'];
  /** w of each foreground class; a student has none. */
  readonly operatingPoint?: Float32Array;
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

/** What a part is after some steps: with nothing but its history and state it goes on. */
export interface PartProgress {
  /** Steps done of the schedule. */
  readonly step: number;
  readonly loss: number;
  readonly history: LossHistory;
  /** The state may lie on a device, so it is fetched for those who ask only. */
  readonly state: () => Promise<TrainingState>;
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
  let { history } = request;
  await request.step.load(request.state);
  if (firstStep < endStep) batches.begin(firstStep, endStep);

  for (let step = firstStep; step < endStep; step++) {
    request.signal?.throwIfAborted();
    const { loss, gradientNorm } = await request.step.run({
      ...(await batches.batch(step)),
      ...(request.operatingPoint && { operatingPoint: request.operatingPoint }),
      learningRate: learningRateAt(step, training),
      step: step + 1,
    });
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw diverged(`the loss is ${loss} and the gradient's norm ${gradientNorm}`, { title, step: step + 1 });
    }
    history = withLoss(history, { step: step + 1, loss }, { steps: training.steps, endStep });
    await request.onStep({ step: step + 1, loss, history, state: () => request.step.state() });
  }
  const state = await request.step.state();
  // The last update has no loss after it that would show what it did.
  if (!state['weights']!.every(Number.isFinite))
    throw diverged('a weight is not a finite number', { title, step: endStep });
  return { state, history };
}

function diverged(state: string, { title, step }: { title: string; step: number }): ProbityError {
  const message = `Cannot train ${title}: ${state} at step ${step}. Lower training.learningRate or training.gradientNormMax`;
  return new ProbityError('TRAINING_DIVERGED', message, { details: { part: title, step } });
}
