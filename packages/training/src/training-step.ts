import { trainingGraph, type TrainingShape } from './compile-step.js';
import type { Engine, StatefulExecutable } from './engine/engine.js';
import { withHostState } from './engine/host-state.js';
import type { Batch } from './items.js';
import { stateVectorNames, type TrainingState } from './training-state.js';

/** What one step learns from. */
export type StepFeeds = Batch & {
  /** w of each foreground class; where labels are learnt from. */
  readonly operatingPoint?: Float32Array;
  readonly learningRate: number;
  /** Of the schedule, 1-based. */
  readonly step: number;
};

export interface StepResult {
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

/** What a part trains with. Where the state lies between steps is its own affair. */
export interface TrainingStep {
  /** Steps that one run makes at most, 1 or more; fewer where memory turned out to be short. */
  readonly stepsAtOnce: number;
  load(state: TrainingState): Promise<void>;
  /**
   * One step after the other from the state, which stays what it was where the run fails.
   *
   * @param steps 1 up to `stepsAtOnce`.
   * @returns One result a step.
   */
  run(steps: readonly StepFeeds[]): Promise<readonly StepResult[]>;
  /** The state as it is now; later steps do not write to it. */
  state(): Promise<TrainingState>;
  dispose(): Promise<void>;
}

/** @throws {ProbityError} `ENGINE_UNAVAILABLE` */
export async function createTrainingStep(engine: Engine, shape: TrainingShape): Promise<TrainingStep> {
  const executable = await compileStateful(engine, shape);
  return {
    stepsAtOnce: executable.stepsAtOnce,
    load: (state) => executable.load(state),
    run: async (steps) => {
      const feeds = steps.map(({ learningRate, step, ...batch }) => ({
        ...batch,
        learningRate: Float32Array.of(learningRate),
        step: Float32Array.of(step),
      }));
      const results = await executable.run(feeds);
      return results.map(({ loss, gradientNorm }) => ({ loss: loss![0]!, gradientNorm: gradientNorm![0]! }));
    },
    state: async () => (await executable.read()) as TrainingState,
    dispose: () => executable.dispose(),
  };
}

async function compileStateful(engine: Engine, shape: TrainingShape): Promise<StatefulExecutable> {
  const [graph, state] = [trainingGraph(shape), stateVectorNames(shape.training)];
  if (engine.compileStateful) return engine.compileStateful(graph, { state });
  return withHostState(await engine.compile(graph), state);
}
