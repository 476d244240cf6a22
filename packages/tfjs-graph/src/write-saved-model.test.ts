import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { layParameters, unflatten } from './flat-parameters.js';
import type { Graph } from './graph.js';
import { mean, resize, standardise, votedClass, votePattern } from './inference.js';
import { loadGraph, type TestInput, type TestInputs, type TestOutputs } from './testing/run-graph.js';
import { loadSavedModel } from './testing/run-saved-model.js';
import { tensorFlow, tensorFlowTitle } from './testing/tensor-flow-binding.js';
import { exactly, floats, integers, testNumbers } from './testing/test-inputs.js';
import { trace } from './trace.js';
import { stateNames, trainingStep, type TrainingStepSpec } from './training-step.js';
import { savedModelTensors, writeSavedModel } from './write-saved-model.js';

const layout = layParameters([
  { name: 'first', shape: [3, 3, 1, 4] },
  { name: 'second', shape: [3, 3, 8, 4] },
  { name: 'head', shape: [1, 1, 4, 2] },
]);

/** A small network with what ours are made of: convolutions, pooling, joining, a mean over pixels, classes. */
const spec: TrainingStepSpec = {
  parameterCount: layout.parameterCount,
  batch: { images: { shape: [2, 8, 6, 1], dtype: 'float32' }, labels: { shape: [2, 8, 6], dtype: 'int32' } },
  loss: (weights: Tensor1D, { images, labels }: Record<string, Tensor>) => {
    const filter = unflatten(weights, layout);
    const convolve = (x: Tensor, name: string) => tf.conv2d(x as Tensor4D, filter(name) as Tensor4D, 1, 'same');
    const large = tf.relu(convolve(images!, 'first')) as Tensor4D;
    const grown = tf.image.resizeNearestNeighbor(tf.maxPool(large, 2, 2, 'valid'), [8, 6]);
    const joined = tf.relu(convolve(tf.concat([grown, tf.sub(large, tf.mean(large, [1, 2], true))], 3), 'second'));
    return tf.losses.softmaxCrossEntropy(tf.oneHot(labels!, 2), convolve(joined, 'head'));
  },
  optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
  gradientNormMax: 1,
  weightAverageDecay: 0.5,
};
const state = stateNames(spec);
const initialState = (): Record<string, TestInput> =>
  Object.fromEntries(
    state.map((name) => [
      name,
      name === 'weights' || name === 'average'
        ? floats([layout.parameterCount], 3)
        : exactly([layout.parameterCount], testNumbers(layout.parameterCount).fill(0) as never),
    ]),
  );
const batch = (step: number): TestInputs => ({
  images: floats([2, 8, 6, 1], step),
  labels: integers(
    [2, 8, 6],
    Array.from({ length: 96 }, (_, i) => (i % 5 === step ? 1 : 0)),
  ),
  learningRate: exactly([], [0.01]),
  step: exactly([], [step]),
});

/** As far apart as float32 leaves them, seen from the largest number of each output. */
function expectClose(found: TestOutputs, expected: TestOutputs): void {
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(found[name]!.shape).toEqual(shape);
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - found[name]!.data[i]!)), 0);
    expect(worst, name).toBeLessThan(1e-4 * largest);
  }
}

const swap = (): Graph =>
  trace(({ a, b }) => ({ next_a: b!, next_b: a!, difference: tf.sub(a!, b!) }), {
    a: { shape: [2], dtype: 'float32' },
    b: { shape: [2], dtype: 'float32' },
  });

describe('writeSavedModel()', () => {
  it('gives the same bytes each time', () => {
    const write = () => writeSavedModel(trainingStep(spec), { state }).get('saved_model.pb')!;
    expect(Buffer.compare(write(), write())).toBe(0);
  });

  it('refuses state that the graph does not have, with every fault', () => {
    const graph = trace(({ a, b }) => ({ next_a: tf.sum(a!), next_c: b! }), {
      a: { shape: [2], dtype: 'float32' },
      b: { shape: [2], dtype: 'float32' },
    });
    expect(() => writeSavedModel(graph, { state: ['a', 'b', 'c'] })).toThrow(
      'Cannot keep a, b, c as state: "a" is float32 [2], "next_a" float32 []; there is no output "next_b"; there is no input "c"',
    );
    expect(() => writeSavedModel(swap(), { state: ['a', 'a'] })).toThrow('a name is given twice');
  });
});

describe('savedModelTensors()', () => {
  it('names what is fed and fetched, by the names of the graph', () => {
    const graph = trace(
      ({ pixels, a }) => ({ 'odd name/1': tf.sum(pixels!), next_a: tf.add(a!, tf.scalar(1, 'int32')) }),
      {
        pixels: { shape: [2, 3], dtype: 'uint8' },
        a: { shape: [], dtype: 'int32' },
      },
    );
    expect(savedModelTensors(graph, { state: ['a'] })).toEqual({
      run: {
        inputs: { pixels: { tensor: 'run_input_0:0', dtype: 'uint8', shape: [2, 3] } },
        outputs: { 'odd name/1': { tensor: 'run_output_0:0', dtype: 'float32', shape: [] } },
      },
      load: {
        inputs: { a: { tensor: 'load_input_0:0', dtype: 'int32', shape: [] } },
        outputs: { loaded: { tensor: 'loaded:0', dtype: 'bool', shape: [] } },
      },
      read: {
        inputs: { call: { tensor: 'call:0', dtype: 'float32', shape: [] } },
        outputs: { a: { tensor: 'read_output_0:0', dtype: 'int32', shape: [] } },
      },
    });
    expect(Object.keys(savedModelTensors(graph))).toEqual(['run']);
  });
});

describe.skipIf(!tensorFlow)(`a SavedModel ${tensorFlowTitle}`, () => {
  it('trains as the ONNX file does, with state that stays in the runtime', async () => {
    const graph = trainingStep(spec);
    const [model, file] = [await loadSavedModel(graph, { state }), await loadGraph(graph)];
    let known: TestInputs = initialState();
    expect(model.call('load', known)['loaded']!.data).toEqual([1]);
    for (let step = 1; step <= 3; step++) {
      const expected = await file.run({ ...known, ...batch(step) });
      const { loss, gradientNorm } = expected;
      expectClose(model.call('run', batch(step)), { loss: loss!, gradientNorm: gradientNorm! });
      known = Object.fromEntries(
        state.map((name) => [name, exactly([layout.parameterCount], expected[`next_${name}`]!.data)]),
      );
    }
    const last = Object.fromEntries(
      Object.entries(known).map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]),
    );
    expectClose(model.call('read'), last);
    await Promise.all([model.release(), file.release()]);
  });

  it('trains to the same numbers each time', async () => {
    const train = async () => {
      const model = await loadSavedModel(trainingStep(spec), { state });
      model.call('load', initialState());
      for (let step = 1; step <= 3; step++) model.call('run', batch(step));
      const trained = model.call('read');
      await model.release();
      return trained;
    };
    expect(await train()).toEqual(await train());
  });

  it('reads what was loaded, number by number', async () => {
    const model = await loadSavedModel(swap(), { state: ['a', 'b'] });
    const given = { a: exactly([2], [-0, 1e-40]), b: exactly([2], [Number.NaN, -Infinity]) };
    model.call('load', given);
    const { a, b } = model.call('read');
    expect(a!.data).toEqual(Array.from(given.a.data));
    expect(b!.data).toEqual(Array.from(given.b.data));
    await model.release();
  });

  it('moves all state on at once, from what it was before the call', async () => {
    const model = await loadSavedModel(swap(), { state: ['a', 'b'] });
    model.call('load', { a: exactly([2], [1, 2]), b: exactly([2], [10, 20]) });
    for (let call = 1; call <= 5; call++) {
      const { difference } = model.call('run');
      expect(difference!.data).toEqual(call % 2 === 1 ? [-9, -18] : [9, 18]);
    }
    const { a, b } = model.call('read');
    expect([a!.data, b!.data]).toEqual([
      [10, 20],
      [1, 2],
    ]);
    await model.release();
  });

  it('keeps state apart from that of another model of the same names', async () => {
    const models = [
      await loadSavedModel(swap(), { state: ['a', 'b'] }),
      await loadSavedModel(swap(), { state: ['a', 'b'] }),
    ];
    models.forEach((model, i) => model.call('load', { a: exactly([2], [i, i]), b: exactly([2], [i, i]) }));
    expect(models.map((model) => model.call('read')['a']!.data)).toEqual([
      [0, 0],
      [1, 1],
    ]);
    for (const model of models) await model.release();
  });

  it('keeps all state as it was where a run fails', async () => {
    // The next value of b fails long behind the time at which that of a is there.
    const failing = trace(
      ({ a, b, matrix, divisor }) => {
        const late = tf.cast(tf.max(tf.matMul(matrix as Tensor2D, matrix as Tensor2D)), 'int32');
        const quotient = tf.floorDiv(late, tf.mul(divisor!, late));
        return { next_a: tf.add(a!, 1), next_b: tf.add(b!, tf.cast(quotient, 'float32')), sum: tf.sum(a!) };
      },
      {
        a: { shape: [2], dtype: 'float32' },
        b: { shape: [2], dtype: 'float32' },
        matrix: { shape: [700, 700], dtype: 'float32' },
        divisor: { shape: [], dtype: 'int32' },
      },
    );
    const model = await loadSavedModel(failing, { state: ['a', 'b'] });
    model.call('load', { a: exactly([2], [1, 2]), b: exactly([2], [10, 20]) });
    const read = () => Object.values(model.call('read')).map(({ data }) => data);
    const feeds = { matrix: floats([700, 700]), divisor: integers([], [0]) };
    expect(() => model.call('run', feeds)).toThrow('Session fail to run with error');
    expect(read()).toEqual([
      [1, 2],
      [10, 20],
    ]);
    await model.release();
  });

  it('cannot run before its state is loaded', async () => {
    const model = await loadSavedModel(swap(), { state: ['a', 'b'] });
    expect(() => model.call('run')).toThrow('Session fail to run with error');
    await model.release();
  });

  it('computes an ensemble from bytes as the ONNX file does', async () => {
    const members = [1, 2, 3].map((seed) => testNumbers(9 * 3 * 2, seed));
    const graph = trace(
      ({ pixels }) => {
        const images = standardise(resize(pixels as Tensor4D, { height: 8, width: 8 }));
        const scores = members.map((filter) => tf.conv2d(images, tf.tensor4d(filter, [3, 3, 3, 2]), 1, 'same'));
        const probabilities = scores.map((one) => tf.softmax(one));
        return { pattern: votePattern(probabilities.map(votedClass), 1), probability: mean(probabilities) };
      },
      { pixels: { shape: [2, 12, 10, 3], dtype: 'uint8' } },
    );
    const pixels: TestInput = {
      shape: [2, 12, 10, 3],
      dtype: 'uint8',
      data: Uint8Array.from({ length: 720 }, (_, i) => (i * 89 + 31) % 251),
    };
    const [model, file] = [await loadSavedModel(graph), await loadGraph(graph)];
    expectClose(await model.run({ pixels }), await file.run({ pixels }));
    await Promise.all([model.release(), file.release()]);
  });
});
