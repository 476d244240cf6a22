import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { decodeModel } from './onnx/model-proto.js';
import { operations } from './operations.js';
import { runTraced } from './testing/run-graph.js';
import { exactly, testNumbers } from './testing/test-inputs.js';
import { trace } from './trace.js';
import { writeOnnx } from './write-onnx.js';

const image = { shape: [1, 4, 4, 2], dtype: 'float32' } as const;

describe('writeOnnx()', () => {
  it('keeps names, shapes and types of inputs and outputs', async () => {
    const graph = trace(
      ({ pixels, index }) => ({ doubled: tf.mul(pixels!, 2), 'odd name/1': tf.add(index!, tf.scalar(1, 'int32')) }),
      {
        pixels: { shape: [2, 3], dtype: 'uint8' },
        index: { shape: [], dtype: 'int32' },
      },
    );
    const session = await ort.InferenceSession.create(writeOnnx(graph));
    expect(session.inputMetadata).toEqual([
      expect.objectContaining({ name: 'pixels', type: 'uint8', shape: [2, 3] }),
      expect.objectContaining({ name: 'index', type: 'int32', shape: [] }),
    ]);
    expect(session.outputMetadata.map(({ name }) => name)).toEqual(['doubled', 'odd name/1']);
    await session.release();
  });

  it('says which value a graph reads before anything writes it', () => {
    const graph = trace(({ x }) => ({ y: tf.square(x!) }), { x: image });
    expect(() => writeOnnx({ ...graph, nodes: graph.nodes.slice(1) })).toThrow(/^Bug: value \d+ is read before/);
  });

  it('writes weights as constants, however many', async () => {
    const weights = testNumbers(1_000_000);
    const graph = trace(({ x }) => ({ y: tf.matMul(x as never, tf.tensor2d(weights, [1000, 1000])) }), {
      x: { shape: [1, 1000], dtype: 'float32' },
    });
    const bytes = writeOnnx(graph);
    expect(bytes.length).toBeLessThan(4_001_000);
    const session = await ort.InferenceSession.create(bytes);
    const { y } = await session.run({
      x: new ort.Tensor(
        'float32',
        Float32Array.from({ length: 1000 }, (_, i) => Number(i === 7)),
        [1, 1000],
      ),
    });
    expect(y!.data).toEqual(weights.slice(7000, 8000));
    await session.release();
  });

  it('moves no activation between convolutions, however they are joined', () => {
    const convolve = (x: Tensor, f: Tensor) => tf.conv2d(x as Tensor4D, f as Tensor4D, 1, 'same');
    const fn = ({ x, f }: Record<string, Tensor>) => {
      const a = tf.relu(tf.add(convolve(x!, f!), tf.tensor1d([0.5, 1])));
      const b = tf.maxPool(tf.mul(a, tf.sigmoid(tf.mean(a, [1, 2], true))) as Tensor4D, 2, 2, 'valid');
      const c = tf.image.resizeNearestNeighbor(b as Tensor4D, [4, 4]);
      return {
        y: tf.sum(
          convolve(tf.add(tf.slice(tf.concat([c, a], 3), [0, 0, 0, 1], [1, 4, 4, 2]), tf.ones([1, 4, 4, 2])), f!),
        ),
      };
    };
    const bytes = writeOnnx(trace(fn, { x: image, f: { shape: [3, 3, 2, 2], dtype: 'float32' } }));
    // One for the image on its way in, one for the filter, which two convolutions share.
    expect(
      Buffer.from(bytes)
        .toString('latin1')
        .match(/\bTranspose\b(?!_)/g),
    ).toHaveLength(2);
  });

  it('takes another formulation of an operation', () => {
    const graph = trace(({ x }) => ({ y: tf.square(x!) }), { x: { shape: [2], dtype: 'float32' } });
    const bytes = writeOnnx(graph, {
      formulations: {
        Square: (node, onnx) =>
          onnx.write(node.outputs[0]!, onnx.emit('Pow', [onnx.read(node.inputs[0]!), onnx.scalar(2)])),
      },
    });
    expect(Buffer.from(bytes).toString('latin1')).toMatch(/\bPow\b/);
  });

  it('writes the last of several reshapes in a row, and the others where something else reads them', async () => {
    const inputs = { x: exactly([2, 6], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) };
    const reshapes = ({ x }: Record<string, Tensor>) => {
      const cube = tf.reshape(x!, [2, 3, 2]);
      return { y: tf.reshape(tf.reshape(cube, [4, 3]), [3, 4]), sums: tf.sum(cube, 2) };
    };
    const graph = trace(reshapes, inputs);
    const { node } = (decodeModel(writeOnnx(graph)) as { graph: { node: { opType: string }[] } }).graph;
    expect(node.filter(({ opType }) => opType === 'Reshape')).toHaveLength(2);
    const { y, sums } = await runTraced(reshapes, inputs);
    expect(y).toMatchObject({ shape: [3, 4], data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] });
    expect(sums).toMatchObject({ shape: [2, 3], data: [3, 7, 11, 15, 19, 23] });
  });

  it('gives equal bytes for equal functions, whatever they are', () => {
    const steps: ((x: Tensor) => Tensor)[] = [
      tf.relu,
      (x) => tf.conv2d(x as Tensor4D, tf.tensor4d(testNumbers(36), [3, 3, 2, 2]), 1, 'same'),
      (x) => tf.mul(x, 0.3),
      tf.softmax,
      (x) => tf.concat([x, x], 3).slice([0, 0, 0, 1], [1, 4, 4, 2]),
      (x) => tf.maxPool(x as Tensor4D, 3, 1, 'same'),
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 6 }), (order) => {
        const fn = ({ x }: Record<string, Tensor>) => ({
          d: tf.grad((start: Tensor) => order.reduce((value, i) => steps[i]!(value), start))(x!),
        });
        const write = () => writeOnnx(trace(fn, { x: image }));
        expect(Buffer.compare(write(), write())).toBe(0);
      }),
      { numRuns: 25 },
    );
  });
});

describe('operations', () => {
  it('are named once each', () => {
    const kernels = operations.map(({ kernel }) => kernel);
    expect(new Set(kernels).size).toBe(kernels.length);
  });

  it('are all kernels that TensorFlow.js has', () => {
    const known = new Set(tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName));
    expect(operations.map(({ kernel }) => kernel).filter((kernel) => !known.has(kernel))).toEqual([]);
  });
});
