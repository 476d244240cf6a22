import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { trace } from '../trace.js';

const x = { shape: [64], dtype: 'float32' } as const;

describe('shareConstants()', () => {
  it('lets equal constants be one', () => {
    const graph = trace(({ x: input }) => ({ y: tf.add(tf.mul(input!, tf.scalar(3)), tf.scalar(3)) }), { x });
    expect(graph.constants).toHaveLength(1);
  });

  it('keeps constants of another shape or type apart', () => {
    const graph = trace(
      ({ x: input }) => ({ y: tf.mul(tf.add(input!, tf.scalar(3)), tf.tensor1d([3])), z: tf.scalar(3, 'int32') }),
      { x },
    );
    expect(graph.constants).toHaveLength(3);
  });

  it('turns a large constant of one number into that number', () => {
    const graph = trace(({ x: input }) => ({ y: tf.add(input!, tf.tensor1d(new Float32Array(64).fill(0.5))) }), { x });
    expect(graph.constants).toHaveLength(0);
    expect(graph.nodes[0]).toMatchObject({ operation: 'Fill', attributes: { shape: [64], value: 0.5 } });
  });

  it('keeps NaN, which equals nothing', () => {
    const graph = trace(({ x: input }) => ({ y: tf.add(input!, tf.tensor1d(new Float32Array(64).fill(NaN))) }), { x });
    expect(graph.constants).toHaveLength(1);
  });
});
