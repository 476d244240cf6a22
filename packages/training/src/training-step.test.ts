import { beforeAll, describe, expect, it } from 'vitest';
import { trainingGraph } from './compile-step.js';
import type { Engine, StatefulExecutable } from './engine/engine.js';
import { onlyStep } from './engine/only-step.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { createNetwork } from './models/network.js';
import { initialWeights } from './models/initial-weights.js';
import { createLoopingEngine } from './testing/looping-engine.js';
import { squares, tinySpec } from './testing/tiny-fold.js';
import { initialState } from './training-state.js';
import { createTrainingStep, type StepResult, type TrainingStep } from './training-step.js';

let onnx: Engine;
let looping: Engine;
beforeAll(async () => {
  onnx = await createOnnxEngine({ threads: 1 });
  looping = await createLoopingEngine();
});

/** An engine that keeps the state in memory of its own, as a library with variables does: nothing is handed out but copies. */
const withVariables = (engine: Engine): Engine => ({
  ...engine,
  compileStateful: async (graph, { state: names }): Promise<StatefulExecutable> => {
    const executable = await engine.compile(graph);
    const variables = new Map<string, Float32Array>();
    return {
      stepsAtOnce: 1,
      load: (state) => {
        for (const name of names) variables.set(name, Float32Array.from(state[name]!));
        return Promise.resolve();
      },
      run: async (steps) => {
        const { ...results } = await executable.run({ ...onlyStep(steps), ...Object.fromEntries(variables) });
        for (const name of names) {
          variables.get(name)!.set(results[`next_${name}`]!);
          delete results[`next_${name}`];
        }
        return [results];
      },
      read: () => Promise.resolve(Object.fromEntries([...variables].map(([name, v]) => [name, v.slice()]))),
      dispose: () => executable.dispose(),
    };
  },
});

const { model, training } = tinySpec();
const averaging = { ...training, weightAverage: { kind: 'exponential', decay: 0.9 } } as const;
const { images: _images, labels: _labels, ...size } = squares(1);
const shape = { ...size, model, training: averaging, classCount: 2 };
const { layout } = createNetwork({ model, channels: 1, classCount: 2 });
const start = () => initialState(averaging, initialWeights(layout, 1, 0));
const create = (engine: Engine) => createTrainingStep(engine, shape);

function feeds(step: number) {
  const { images, labels } = squares(training.batchSize, `step ${step}`);
  return { images, labels: Int32Array.from(labels), operatingPoint: Float32Array.of(0.5), learningRate: 0.01, step };
}

/** Losses, norms and the state of three steps, in runs of so many. */
async function run(step: TrainingStep, from = 1, atOnce = Math.min(step.stepsAtOnce, 3)) {
  const results: StepResult[] = [];
  for (let i = 0; i < 3; i += atOnce) {
    const steps = Array.from({ length: Math.min(atOnce, 3 - i) }, (_, k) => feeds(from + i + k));
    results.push(...(await step.run(steps)));
  }
  return { results, state: await step.state() };
}

/** The same, with nothing between the test and the engine. */
async function runByHand() {
  const executable = await onnx.compile(trainingGraph(shape));
  let state = start();
  const results = [];
  for (let i = 1; i <= 3; i++) {
    const { images, labels, operatingPoint, learningRate, step } = feeds(i);
    const scalars = { learningRate: Float32Array.of(learningRate), step: Float32Array.of(step) };
    const outputs = await executable.run({ ...state, images, labels, operatingPoint, ...scalars });
    state = Object.fromEntries(Object.keys(state).map((name) => [name, outputs[`next_${name}`] as Float32Array]));
    results.push({ loss: outputs['loss']![0]!, gradientNorm: outputs['gradientNorm']![0]! });
  }
  await executable.dispose();
  return { results, state };
}

describe.each([
  ['the state on the host', () => onnx],
  ['the state inside the library', () => withVariables(onnx)],
  ['several steps in a run', () => looping],
])('createTrainingStep(), %s', (_, engine) => {
  it('gives what the executable gives when it is fed by hand', async () => {
    const step = await create(engine());
    await step.load(start());
    expect(await run(step)).toEqual(await runByHand());
    await step.dispose();
  });

  it('goes on from a state that was read as if it had never been, and does not write to it', async () => {
    const step = await create(engine());
    const loaded = start();
    await step.load(loaded);
    const { state: middle } = await run(step);
    const kept = structuredClone(middle);
    const end = await run(step, 4);
    expect(middle).toEqual(kept);
    expect(loaded).toEqual(start());
    await step.load(middle);
    expect(await run(step, 4)).toEqual(end);
    await step.dispose();
  });

  it('is where it was when a step fails', async () => {
    const step = await create(engine());
    await step.load(start());
    const before = structuredClone((await run(step)).state);
    await expect(step.run([{ ...feeds(4), images: new Float32Array(3) }])).rejects.toThrow();
    expect(await step.state()).toEqual(before);
    await step.dispose();
  });
});

describe('createTrainingStep(), several steps in a run', () => {
  it.each([1, 2])('gives the same to the bit in runs of %i, the last as short as it comes', async (atOnce) => {
    const step = await create(looping);
    await step.load(start());
    expect(await run(step, 1, atOnce)).toEqual(await runByHand());
    await step.dispose();
  });

  it('is where it was when a step in the middle of a run cannot be made', async () => {
    const step = await create(looping);
    await step.load(start());
    const before = structuredClone((await run(step)).state);
    const broken = { ...feeds(5), labels: new Int32Array(3) };
    await expect(step.run([feeds(4), broken, feeds(6)])).rejects.toThrow('input "labels" was fed 3 numbers');
    expect(await step.state()).toEqual(before);
    await step.dispose();
  });
});
