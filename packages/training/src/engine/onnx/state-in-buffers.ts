import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import { nextName, splitInputs, splitState } from '../host-state.js';
import { onlyStep } from '../only-step.js';
import type { CompileSteps } from './form.js';
import { numbersOf, type Tensors } from './onnx-session.js';

/** Where the library leaves an output in the device's memory; it knows such buffers on WebGPU only. */
const ON_DEVICE = 'gpu-buffer';

/**
 * A training step whose state stays in buffers of the device: what one run gives goes into the next as it is, and comes to the
 * host when it is asked for.
 */
export const withStateInBuffers: CompileSteps = async (graph, names, { open, onnx }) => {
  const inputs = splitInputs(graph, names);
  const isNext = new Set(names.map(nextName));
  const step = await open(writeOnnx(graph, onnx), {
    preferredOutputLocation: Object.fromEntries(
      graph.outputs.map(({ name }) => [name, isNext.has(name) ? ON_DEVICE : 'cpu']),
    ),
  });
  const fetch = writeOnnx(handingThrough(inputs.state), onnx);
  let current: Tensors = {};
  const replaceBy = (next: Tensors) => {
    for (const tensor of Object.values(current)) if (tensor.location === ON_DEVICE) tensor.dispose();
    current = next;
  };
  return {
    stepsAtOnce: 1,
    load: (state) => {
      replaceBy(step.tensors(inputs.state, state));
      return Promise.resolve();
    },
    run: async (steps) => {
      const outputs = await step.run({ ...current, ...step.tensors(inputs.fed, onlyStep(steps)) });
      const { next, told } = splitState(outputs, names);
      replaceBy(next);
      return [numbersOf(told)];
    },
    read: async () => {
      // The library's binding cannot fetch a buffer; a graph that hands it through can.
      const session = await open(fetch);
      try {
        return numbersOf(splitState(await session.run(current), names).next);
      } finally {
        await session.release();
      }
    },
    dispose: () => {
      replaceBy({});
      return step.release();
    },
  };
};

const handingThrough = (inputs: Graph['inputs']): Graph =>
  trace(
    (state) => Object.fromEntries(Object.entries(state).map(([name, vector]) => [nextName(name), vector])),
    Object.fromEntries(inputs.map(({ name, value: { shape, dtype } }) => [name, { shape, dtype }])),
  );
