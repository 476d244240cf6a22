import * as tf from '@tensorflow/tfjs';
import type { Tensor1D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { layParameters, unflatten } from './flat-parameters.js';
import { runTraced } from './testing/run-graph.js';
import { exactly } from './testing/test-inputs.js';
import { trace } from './trace.js';

const layout = layParameters([
  { name: 'filter', shape: [1, 2] },
  { name: 'scale', shape: [] },
  { name: 'bias', shape: [3] },
]);

describe('layParameters()', () => {
  it('lays parameters one behind the other', () => {
    expect(layout.parameters.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ['filter', 0, 2],
      ['scale', 2, 1],
      ['bias', 3, 3],
    ]);
    expect(layout.parameterCount).toBe(6);
  });

  it('refuses a name that is given twice', () => {
    expect(() =>
      layParameters([
        { name: 'a', shape: [1] },
        { name: 'a', shape: [2] },
      ]),
    ).toThrow(/"a" is named twice/);
  });
});

describe('unflatten()', () => {
  const weights = exactly([6], [1, 2, 3, 4, 5, 6]);

  it('gives each parameter its part of the vector, in its shape', async () => {
    const outputs = await runTraced(
      ({ weights: vector }) => {
        const parameter = unflatten(vector as Tensor1D, layout);
        return { filter: parameter('filter'), scale: parameter('scale'), bias: parameter('bias') };
      },
      { weights },
    );
    expect(outputs['filter']).toEqual({ shape: [1, 2], data: [1, 2] });
    expect(outputs['scale']).toEqual({ shape: [], data: [3] });
    expect(outputs['bias']).toEqual({ shape: [3], data: [4, 5, 6] });
  });

  it('gathers the gradients of the parameters in one vector', async () => {
    const { d } = await runTraced(
      ({ weights: vector }) => {
        const loss = (candidate: tf.Tensor) => {
          const parameter = unflatten(candidate as Tensor1D, layout);
          return tf.add(tf.mul(parameter('scale'), 10), tf.sum(tf.square(parameter('bias')))) as tf.Scalar;
        };
        return { d: tf.grad(loss)(vector!) };
      },
      { weights },
    );
    expect(d!.data).toEqual([0, 0, 10, 8, 10, 12]);
  });

  it('gives what is frozen no gradient, and computes none for it', async () => {
    const gradient = ({ weights: vector }: Record<string, tf.Tensor>) => {
      const loss = (candidate: tf.Tensor) => {
        const parameter = unflatten(candidate as Tensor1D, layout, { isFrozen: (name) => name === 'filter' });
        return tf.add(tf.sum(tf.exp(parameter('filter'))), tf.sum(tf.square(parameter('bias')))) as tf.Scalar;
      };
      return { d: tf.grad(loss)(vector!) };
    };
    const { d } = await runTraced(gradient, { weights });
    expect(d!.data).toEqual([0, 0, 0, 8, 10, 12]);
    expect(trace(gradient, { weights }).nodes.map(({ operation }) => operation)).not.toContain('Exp');
  });

  it('refuses a name that the layout does not have', () => {
    expect(() => unflatten(tf.zeros([6]), layout)('gain')).toThrow(/"gain"/);
  });
});
