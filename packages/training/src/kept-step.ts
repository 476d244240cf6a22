import type { TrainingShape } from './compile-step.js';
import type { Engine } from './engine/engine.js';
import { compileStep, type CompileStep } from './fitted-step.js';
import type { TrainingStep } from './training-step.js';

export interface KeptStep {
  readonly compile: CompileStep;
  /** Frees what is kept: before other work that wants the memory. */
  drop(): Promise<void>;
}

/**
 * Keeps the step that was last disposed of, and gives it to whoever asks for the same one next: the members of a campaign
 * are trained by one step, and compiling it takes as long as several steps of a small network. At most one is kept, and
 * none beside another; one that failed is not kept.
 */
export function keepStep(): KeptStep {
  let kept: { readonly engine: Engine; readonly key: string; readonly step: TrainingStep } | undefined;
  const drop = async () => {
    const former = kept;
    kept = undefined;
    await former?.step.dispose();
  };
  const compile: CompileStep = async (engine, shape, parts) => {
    const key = keyOf(shape, parts);
    const found = kept?.engine === engine && kept.key === key ? kept.step : undefined;
    if (found) kept = undefined;
    else await drop(); // first, or both would have to fit
    const step = found ?? (await compileStep(engine, shape, parts));
    let hasFailed = false;
    const watched = async <Result>(work: Promise<Result>): Promise<Result> => {
      try {
        return await work;
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    };
    return {
      get stepsAtOnce() {
        return step.stepsAtOnce;
      },
      load: (state) => watched(step.load(state)),
      run: (steps) => watched(step.run(steps)),
      state: () => watched(step.state()),
      dispose: async () => {
        if (hasFailed) return step.dispose();
        await drop();
        kept = { engine, key, step };
      },
    };
  };
  return { compile, drop };
}

/** Everything that a step is compiled from, but the engine. */
function keyOf(
  { model, training, classCount, trains = 'all', learnsFrom = 'labels', ...sizes }: TrainingShape,
  parts: number,
): string {
  const { height, width, channels, labelHeight, labelWidth } = sizes;
  const { batchSize, optimiser, gradientNormMax, weightAverage } = training;
  return JSON.stringify([
    { model, classCount, trains, learnsFrom, parts },
    { height, width, channels, labelHeight, labelWidth },
    { batchSize, optimiser, gradientNormMax, weightAverage },
  ]);
}
