import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph.js';
import { trace, type TensorRecord } from '../trace.js';
import { loadGraph, runOnCpu, runTraced, type LoadedGraph, type TestInputs } from './run-graph.js';
import { loadSavedModel } from './run-saved-model.js';
import { tensorFlow, tensorFlowTitle } from './tensor-flow-binding.js';
import { testNumbers } from './test-inputs.js';

type Fn = (inputs: TensorRecord) => Tensor;

export interface OperationCase {
  /** What is special about it. */
  readonly name: string;
  readonly inputs: TestInputs;
  readonly fn: Fn;
  /** `none` where TensorFlow.js has no gradient or none exists. */
  readonly gradient?: 'none';
  /** `none` where TensorFlow.js's CPU backend is known to be wrong. */
  readonly value?: 'none';
}

/** Where a graph is run: everywhere with the same expectations. */
interface Runtime {
  readonly title: string;
  readonly load: (graph: Graph) => Promise<LoadedGraph>;
}

const onnxruntime: Runtime = { title: 'in onnxruntime', load: (graph) => loadGraph(graph) };

/**
 * The tests every operation gets: the kernel is really recorded; in each runtime its value is that of TensorFlow.js's CPU
 * backend and its gradient is what finite differences of the traced value find. Images are tried in both memory orders.
 */
export function describeOperation(kernel: string, cases: readonly OperationCase[]): void {
  describe(kernel, () => {
    const all = cases.flatMap(inBothOrders);
    it.each(all)('is recorded: $name', (one) => {
      expect(kernelsOf(one)).toContain(kernel);
    });
    describe(onnxruntime.title, () => describeNumbers(all, onnxruntime));
    describe.skipIf(!tensorFlow)(tensorFlowTitle, () =>
      describeNumbers(cases, { title: tensorFlowTitle, load: (graph) => loadSavedModel(graph) }),
    );
  });
}

function describeNumbers(cases: readonly OperationCase[], { load }: Runtime): void {
  for (const one of cases) {
    if (one.value !== 'none') {
      it(`computes what TensorFlow.js computes: ${one.name}`, async () => {
        await expectSameValue((record) => ({ y: one.fn(record) }), one.inputs, load);
      });
    }
    if (one.gradient !== 'none') {
      it(`has the gradient that finite differences find: ${one.name}`, async () => {
        await expectRightGradient(one, load);
      });
    }
  }
}

const isImage = ({ inputs }: OperationCase, name: string): boolean =>
  inputs[name]!.dtype === 'float32' && inputs[name]!.shape.length === 4;

/** The same numbers out of a convolution that changes nothing lie channels first. */
function inBothOrders(one: OperationCase): OperationCase[] {
  const images = Object.keys(one.inputs).filter((name) => isImage(one, name) && name !== 'filter');
  if (images.length === 0) return [one];
  const turned = (record: TensorRecord): TensorRecord => {
    const convolved = images.map(
      (name) =>
        [name, tf.conv2d(record[name] as Tensor4D, identityFilter(record[name]!.shape[3]!), 1, 'same')] as const,
    );
    return { ...record, ...Object.fromEntries(convolved) };
  };
  return [one, { ...one, name: `${one.name}, channels first`, fn: (record) => one.fn(turned(record)) }];
}

const identityFilter = (channels: number): Tensor4D =>
  tf.reshape(tf.tensor2d(identityMatrix(channels), [channels, channels]), [1, 1, channels, channels]);

const identityMatrix = (size: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));

/** Kernels in the graph of the value and, where there is one, of the gradient. */
function kernelsOf({ fn, inputs, gradient }: OperationCase): string[] {
  const graphs = [
    trace((record) => ({ y: fn(record) }), inputs),
    ...(gradient === 'none' ? [] : [trace(gradientsOf(fn, inputs), inputs)]),
  ];
  return graphs.flatMap(({ nodes }) => nodes.map(({ operation }) => operation));
}

/** Float32 against float32: five digits of the larger numbers. */
export async function expectSameValue(
  fn: (inputs: TensorRecord) => TensorRecord,
  inputs: TestInputs,
  load: Runtime['load'] = onnxruntime.load,
): Promise<void> {
  const [traced, direct] = [await runTraced(fn, inputs, load), await runOnCpu(fn, inputs)];
  expect(Object.keys(traced)).toEqual(Object.keys(direct));
  for (const [name, { shape, data }] of Object.entries(direct)) {
    expect(traced[name]!.shape).toEqual(shape);
    data.forEach((number, i) => {
      const found = traced[name]!.data[i]!;
      const same = Object.is(found, number) || Math.abs(found - number) <= 2e-5 * Math.max(1, Math.abs(number));
      expect(same, `${name}[${i}]: ${found} against ${number}`).toBe(true);
    });
  }
}

const differentiable = (inputs: TestInputs): string[] =>
  Object.keys(inputs).filter((name) => inputs[name]!.dtype === 'float32');

/** Fixed weights of the outputs' elements, so that no error cancels. */
const weightsOf = (size: number): Float32Array => testNumbers(size, 7);

/** Gradients of the weighted sum of all outputs, under `d_<input>`. */
function gradientsOf(fn: Fn, inputs: TestInputs): (record: TensorRecord) => TensorRecord {
  const names = differentiable(inputs);
  return (record) => {
    const scalar = (...tensors: Tensor[]): Tensor => {
      const output = fn({ ...record, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) });
      return tf.sum(tf.mul(output, tf.tensor(weightsOf(output.size), output.shape)));
    };
    const gradients = tf.grads(scalar as never)(names.map((name) => record[name]!));
    return Object.fromEntries(gradients.map((gradient, i) => [`d_${names[i]!}`, gradient]));
  };
}

const STEP = 4e-3;
const ELEMENTS_MAX = 24;

/**
 * The traced gradient agrees with finite differences of the traced value, which decide: TensorFlow.js's own CPU
 * gradients are wrong in places. Differences of fourth order keep the step large, so that float32 does not drown them.
 */
export async function expectRightGradient(
  { fn, inputs }: Pick<OperationCase, 'fn' | 'inputs'>,
  load: Runtime['load'] = onnxruntime.load,
): Promise<void> {
  const gradients = await runTraced(gradientsOf(fn, inputs), inputs, load);
  const loaded = await load(trace((record) => ({ y: fn(record) }), inputs));
  for (const name of differentiable(inputs)) {
    const size = inputs[name]!.data.length;
    expect(gradients[`d_${name}`]!.shape).toEqual(inputs[name]!.shape);
    const stride = Math.ceil(size / ELEMENTS_MAX);
    for (let i = 0; i < size; i += stride) {
      const difference = await finiteDifference({ loaded, inputs, name, i });
      const found = gradients[`d_${name}`]!.data[i]!;
      expect(Math.abs(found - difference), `d/d${name}[${i}]: ${found} against ${difference}`).toBeLessThan(
        1e-3 * Math.max(1, Math.abs(difference)),
      );
    }
  }
  await loaded.release();
}

async function finiteDifference({
  loaded,
  inputs,
  name,
  i,
}: {
  loaded: LoadedGraph;
  inputs: TestInputs;
  name: string;
  i: number;
}): Promise<number> {
  const at = async (by: number): Promise<number> => {
    const data = Float32Array.from(inputs[name]!.data);
    data[i]! += by;
    const { y } = await loaded.run({ ...inputs, [name]: { ...inputs[name]!, data } });
    const weights = weightsOf(y!.data.length);
    return y!.data.reduce((sum, value, j) => sum + value * weights[j]!, 0); // float64
  };
  const [near, far] = [(await at(STEP)) - (await at(-STEP)), (await at(2 * STEP)) - (await at(-2 * STEP))];
  return (8 * near - far) / (12 * STEP);
}
