import { ProbityError } from '@probity/core/errors';
import type { BatchSource } from './augmentation/batch-source.js';
import type { Executable } from './engine/engine.js';
import { learningRateAt } from './schedule.js';
import { stateVectorNames, type LossPoint, type TrainingState } from './training-state.js';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';

/** Points of a loss curve; more than that no picture shows. */
const CURVE_POINTS_MAX = 100;

export interface PartRequest {
  readonly step: Executable;
  readonly training: CampaignSpec['training'];
  readonly operatingPoint: Float32Array;
  readonly batches: BatchSource;
  readonly state: TrainingState;
  readonly curve: readonly LossPoint[];
  readonly firstStep: number;
  readonly endStep: number;
  /** For messages: `fold 2, member w=-1`. */
  readonly title: string;
  readonly signal: AbortSignal | undefined;
  /** Called after every step; may store a checkpoint. */
  readonly onStep: (progress: PartProgress) => Promise<void>;
}

export interface PartProgress {
  /** Steps done of the schedule. */
  readonly step: number;
  readonly loss: number;
  readonly curve: readonly LossPoint[];
  readonly state: TrainingState;
}

/**
 * Runs the steps of one part: the trunk, or one fork.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED` when a loss or gradient is not a finite number.
 */
export async function trainPart(request: PartRequest): Promise<PartProgress> {
  const { training, endStep } = request;
  const names = stateVectorNames(training);
  const every = Math.max(1, Math.ceil(training.steps / CURVE_POINTS_MAX));
  let { state } = request;
  const curve = [...request.curve];
  let loss = Number.NaN;
  let [sum, count] = [0, 0];

  for (let step = request.firstStep; step < endStep; step++) {
    request.signal?.throwIfAborted();
    const { images, labels } = await request.batches.batch(step);
    const results = await request.step.run({
      ...state,
      images,
      labels,
      operatingPoint: request.operatingPoint,
      learningRate: Float32Array.of(learningRateAt(step, training)),
      step: Float32Array.of(step + 1),
    });
    loss = results['loss']![0]!;
    requireFinite({ loss, gradientNorm: results['gradientNorm']![0]!, step, title: request.title });
    state = Object.fromEntries(names.map((name) => [name, results[`next_${name}`] as Float32Array]));
    sum += loss;
    count++;
    if ((step + 1) % every === 0 || step + 1 === endStep) {
      curve.push({ step: step + 1, loss: sum / count });
      [sum, count] = [0, 0];
    }
    await request.onStep({ step: step + 1, loss, curve, state });
  }
  return { step: endStep, loss, curve, state };
}

function requireFinite({ loss, gradientNorm, step, title }: { loss: number; gradientNorm: number; step: number; title: string }): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return;
  const message = `Cannot train ${title}: the loss is ${loss} and the gradient's norm ${gradientNorm} at step ${step + 1}. Lower training.learningRate or training.gradientNormMax`;
  throw new ProbityError('TRAINING_DIVERGED', message, { details: { step: step + 1, loss: String(loss) } });
}
