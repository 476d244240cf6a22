import { sizeOf, type Graph, type Numbers, type Value } from '@probity/tfjs-graph/graph';
import { STEP_COUNT, writeOnnxLoop } from '@probity/tfjs-graph/write-onnx-loop';
import type { Feeds } from '../engine.js';
import { keptOnHost, splitInputs, splitState } from '../host-state.js';
import type { CompileSteps } from './form.js';
import { numbersOf, requireFeed, type OnnxSession, type Tensors } from './onnx-session.js';

type NamedType = Pick<Graph['inputs'][number], 'name'> & { readonly value: Pick<Value, 'shape' | 'dtype'> };

/**
 * Steps of one run. Seven eighths of the copies between host and device are gone; nobody who cancels a job waits for more
 * than so many steps, and the batches of a run are small beside the activations of one step.
 */
export const STEPS_AT_ONCE = 8;

/**
 * Training steps of which one run makes several, in a loop that the library runs: where it runs it on a device, the state
 * crosses to and fro once a run.
 */
export const withStepsInLoop: CompileSteps = async (graph, names, { open, onnx }) => {
  const inputs = splitInputs(graph, names);
  const session = await open(writeOnnxLoop(graph, names, onnx));
  return keptOnHost(names, {
    stepsAtOnce: STEPS_AT_ONCE,
    run: async (state, steps) => {
      const outputs = await session.run({
        [STEP_COUNT]: session.count(steps.length),
        ...session.tensors(inputs.state, state),
        ...stacked(inputs.fed, steps, session),
      });
      const { next, told } = splitState(numbersOf(outputs), names);
      return { next, told: steps.map((_, i) => partOf(told, i, steps.length)) };
    },
    dispose: () => session.release(),
  });
};

/** Every input of all steps, with an axis of steps before its own. */
function stacked(inputs: Graph['inputs'], steps: readonly Feeds[], session: OnnxSession): Tensors {
  return Object.fromEntries(
    inputs.map(({ name, value: { shape, dtype } }) => {
      const parts = steps.map((feeds) => requireFeed(feeds, name));
      const numbers = joined(parts, { name, value: { shape, dtype } });
      return [name, session.tensor({ shape: [steps.length, ...shape], dtype }, numbers)];
    }),
  );
}

function joined(parts: readonly Numbers[], { name, value: { shape, dtype } }: NamedType): Numbers {
  const size = sizeOf(shape);
  const numbers = new { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array }[dtype](
    parts.length * size,
  );
  parts.forEach((part, i) => {
    if (part.length !== size)
      throw new Error(`Bug: the graph's input "${name}" was fed ${part.length} numbers instead of ${size}`);
    numbers.set(part, i * size);
  });
  return numbers;
}

/** What one of some steps told, where the outputs of all are joined. */
const partOf = (told: Readonly<Record<string, Numbers>>, step: number, stepCount: number): Record<string, Numbers> =>
  Object.fromEntries(
    Object.entries(told).map(([name, numbers]) => {
      const size = numbers.length / stepCount;
      return [name, numbers.slice(step * size, (step + 1) * size)];
    }),
  );
