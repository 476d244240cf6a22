import { ProbityError } from '@probity/core/errors';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { BatchSource } from './augmentation/batch-source.js';
import { withLoss, type LossHistory } from './loss-history.js';
import { learningRateAt } from './schedule.js';
import type { TrainingState } from './training-state.js';
import type { StepFeeds, TrainingStep } from './training-step.js';

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
  /** Called for every step. */
  readonly onStep: (progress: PartProgress) => void;
  /** Called where a checkpoint is due: behind every `checkpointEverySteps` steps of the schedule, and behind the last. */
  readonly onCheckpoint: (part: TrainedPart, step: number) => Promise<void>;
}

export interface PartProgress {
  /** Steps done of the schedule. */
  readonly step: number;
  readonly loss: number;
  readonly history: LossHistory;
}

/** What a part is after some steps: with nothing but this it goes on. */
export interface TrainedPart {
  readonly state: TrainingState;
  readonly history: LossHistory;
}

/**
 * Runs the steps of one part: the trunk, or one fork. As many at once as the compiled step makes, but none beyond a checkpoint.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED` when a loss, a gradient or a final weight is not a finite number.
 */
export async function trainPart(request: PartRequest): Promise<TrainedPart> {
  const { training, firstStep, endStep, batches, title } = request;
  let { history } = request;
  await request.step.load(request.state);
  if (firstStep < endStep) batches.begin(firstStep, endStep, request.step.stepsAtOnce);

  for (let done = firstStep; done < endStep;) {
    request.signal?.throwIfAborted();
    const checkpoint = nextCheckpoint(done, request);
    const steps = await feedsOf(request, done, Math.min(done + request.step.stepsAtOnce, checkpoint));
    for (const { loss, gradientNorm } of await request.step.run(steps)) {
      done++;
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
        throw diverged(`the loss is ${loss} and the gradient's norm ${gradientNorm}`, { title, step: done });
      }
      history = withLoss(history, { step: done, loss }, { steps: training.steps, endStep });
      request.onStep({ step: done, loss, history });
    }
    if (done === checkpoint) await request.onCheckpoint({ state: await request.step.state(), history }, done);
  }
  const state = await request.step.state();
  // The last update has no loss after it that would show what it did.
  if (!state['weights']!.every(Number.isFinite))
    throw diverged('a weight is not a finite number', { title, step: endStep });
  return { state, history };
}

/** Steps done at the first checkpoint behind so many. */
const nextCheckpoint = (done: number, { training: { checkpointEverySteps }, endStep }: PartRequest): number =>
  Math.min((Math.floor(done / checkpointEverySteps) + 1) * checkpointEverySteps, endStep);

async function feedsOf(
  { batches, operatingPoint, training }: PartRequest,
  firstStep: number,
  endStep: number,
): Promise<StepFeeds[]> {
  const feeds: StepFeeds[] = [];
  for (let step = firstStep; step < endStep; step++) {
    feeds.push({
      ...(await batches.batch(step)),
      ...(operatingPoint && { operatingPoint }),
      learningRate: learningRateAt(step, training),
      step: step + 1,
    });
  }
  return feeds;
}

function diverged(state: string, { title, step }: { title: string; step: number }): ProbityError {
  const message = `Cannot train ${title}: ${state} at step ${step}. Lower training.learningRate or training.gradientNormMax`;
  return new ProbityError('TRAINING_DIVERGED', message, { details: { part: title, step } });
}
