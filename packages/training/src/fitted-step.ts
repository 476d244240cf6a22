import { halvedParts } from './batch-parts.js';
import type { TrainingShape } from './compile-step.js';
import type { Engine } from './engine/engine.js';
import { createTrainingStep, type StepResult, type TrainingStep } from './training-step.js';
import { createTrainingStepInParts } from './training-step-in-parts.js';

/** Compiles a training step for batches that are cut into so many parts; 1: whole batches. */
export type CompileStep = (engine: Engine, shape: TrainingShape, parts: number) => Promise<TrainingStep>;

export const compileStep: CompileStep = (engine, shape, parts) =>
  parts === 1 ? createTrainingStep(engine, shape) : createTrainingStepInParts(engine, shape, parts);

export interface Fitting {
  /** Into how many parts batches are cut to begin with; 1: whole batches. */
  readonly parts: number;
  /** What is trained, for messages: `train fold 2`. */
  readonly title: string;
  /** Called whenever batches are cut anew. */
  readonly onHalved: (parts: number) => void;
  /** `compileStep` unless told. */
  readonly compile?: CompileStep;
}

/**
 * A training step that fits into the device's memory: when it does not, it is compiled anew for parts of half as many images,
 * and what failed is repeated from the same state, one step a run. An error other than that leaves the state behind the last
 * step that was made.
 *
 * @throws {ProbityError} `OUT_OF_MEMORY` when not even one image fits; `ENGINE_UNAVAILABLE`.
 */
export async function createFittedStep(engine: Engine, shape: TrainingShape, fitting: Fitting): Promise<TrainingStep> {
  const { batchSize } = shape.training;
  const { title, onHalved, compile = compileStep } = fitting;
  let parts = fitting.parts;

  const halve = (error: unknown) => {
    parts = halvedParts(error, { parts, batchSize, title });
    onHalved(parts);
  };
  const compileFitting = async (): Promise<TrainingStep> => {
    for (;;) {
      try {
        return await compile(engine, shape, parts);
      } catch (error) {
        halve(error);
      }
    }
  };

  let current: TrainingStep | undefined = await compileFitting();
  const dispose = async () => {
    const former = current;
    current = undefined;
    await former?.dispose();
  };
  const step = (): TrainingStep => {
    if (!current) throw new Error('Bug: a step was used after it had been disposed of or had failed for good');
    return current;
  };
  return {
    get stepsAtOnce() {
      return step().stepsAtOnce;
    },
    load: (state) => step().load(state),
    run: async (steps) => {
      const results: StepResult[] = [];
      while (results.length < steps.length) {
        try {
          const { stepsAtOnce } = step(); // parts are computed one step a run
          results.push(...(await step().run(steps.slice(results.length, results.length + stepsAtOnce))));
        } catch (error) {
          halve(error);
          const state = await step().state();
          await dispose(); // first, or both would have to fit
          current = await compileFitting();
          await current.load(state);
        }
      }
      return results;
    },
    state: () => step().state(),
    dispose,
  };
}
