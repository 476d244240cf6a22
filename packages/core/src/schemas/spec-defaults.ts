/** A campaign file as it was read: nothing is known of it yet. */
type Given = Readonly<Record<string, unknown>>;

/** What the client knows of the data set and the file need not say. */
export interface DatasetFacts {
  /** 3 where an image of the data set has colour; 1, the default, turns colour into luma. */
  readonly channels?: 1 | 3;
}

/**
 * The defaults that suit what a person wrote: the network follows the task, the optimiser's numbers its kind, the
 * warm-up the number of steps. Everything but `name`, `dataset` and `split.test`, which nobody can guess.
 *
 * Filled in by the client, once, before a campaign starts: a default that changes later must not change a campaign
 * that runs.
 */
export function defaultSpec(given: Given, { channels = 1 }: DatasetFacts = {}): Record<string, unknown> {
  const task = given['task'] ?? 'segmentation';
  const classifies = task === 'classification';
  const model = {
    kind: member(given, 'model')['kind'] ?? (classifies ? 'classifier' : 'unet'),
    baseWidth: 16,
    depth: 4,
    normalisation: 'instance',
  };
  const training = defaultTraining(member(given, 'training'));
  return {
    schemaVersion: 1,
    task,
    seed: 0,
    split: { labelled: 'given' },
    input: { height: 128, width: 128, channels },
    model,
    training,
    // The paper's seven members: a fork at 75 % makes a fold cost 2.5 trainings instead of 7.
    ensemble: { folds: 5, operatingPoints: [-3, -2, -1, 0, 1, 2, 3], centre: 0, forkAt: 0.75, forkTrains: 'all' },
    inference: { precision: 'float32', earlyExit: false },
    calibration: {
      // Members at growing operating points nest: there this fit is the best monotone vote table, and where they do
      // not nest it still tells members apart, cannot leave [0, 1], and is defined for patterns never seen.
      map: 'patterns-non-negative',
      combine: 'calibrate-then-average',
      weighting: 'pixels',
    },
    selection: {
      thresholds: defaultThresholds(member(member(given, 'selection'), 'thresholds')),
      decidedMin: 0.6,
      // An image that seems empty may hide a missed object, which would be taught as background. A class is a label.
      emptyItems: classifies ? 'accept' : 'ignore',
    },
    rounds: { max: 2, stopWhenWorseBy: 0.05 },
    gate: 'automatic',
    // A student is made only for those who ask, and is then what a member would be.
    ...(given['student'] !== undefined && {
      student: { steps: training['steps'], model: givenOr(model, member(given, 'model')) },
    }),
    shardSize: 64,
    sweepWindow: 4,
    jobTimeoutMinutes: 240,
  };
}

function defaultTraining(given: Given): Record<string, unknown> {
  const steps = given['steps'] ?? 600;
  const usesMomentum = member(given, 'optimiser')['kind'] === 'sgd';
  const averages = member(given, 'weightAverage')['kind'] === 'exponential';
  return {
    steps,
    batchSize: 8,
    optimiser: usesMomentum
      ? { kind: 'sgd', momentum: 0.9, weightDecay: 3e-5 }
      : { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
    learningRate: usesMomentum ? 0.05 : 2e-3,
    // 5 %: the first steps of Adam rest on few gradients.
    warmupSteps: typeof steps === 'number' ? Math.floor(steps / 20) : 0,
    gradientNormMax: 1,
    weightAverage: averages ? { kind: 'exponential', decay: 0.99 } : { kind: 'none' },
    augmentation: {
      flipHorizontal: true,
      flipVertical: false,
      rotationDegreesMax: 15,
      scaleMin: 0.85,
      scaleMax: 1.2,
      shiftFractionMax: 0.1,
      contrastMin: 0.75,
      contrastMax: 1.3,
      gammaMin: 0.8,
      gammaMax: 1.25,
      noiseStandardDeviationMax: 0.05,
    },
    checkpointEverySteps: 100,
  };
}

/** Each default, or what was written in its place. */
const givenOr = (defaults: Given, given: Given): Given =>
  Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, given[key] ?? value]));

function defaultThresholds(given: Given): Record<string, unknown> {
  if (given['kind'] === 'fixed') return { kind: 'fixed', foregroundMin: 0.8, backgroundMax: 0.1 };
  return { kind: 'error', errorMax: 0.05 };
}

function member(given: Given, key: string): Given {
  const value = given[key];
  return typeof value === 'object' && value !== null ? (value as Given) : {};
}
