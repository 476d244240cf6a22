import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { trace } from './trace.js';

const x = { shape: [2], dtype: 'float32' } as const;

describe('the recording backend', () => {
  it('leaves a backend behind that computes, although none was chosen before', () => {
    trace(({ x: input }) => ({ y: tf.relu(input!) }), { x });
    expect([...tf.relu(tf.tensor1d([-1, 2])).dataSync()]).toEqual([0, 2]);
  });

  it('puts the former backend back after a failure', async () => {
    await tf.setBackend('cpu');
    const fails = () => {
      throw new Error('mine');
    };
    expect(() => trace(fails, {})).toThrow('mine');
    expect(tf.getBackend()).toBe('cpu');
  });

  it('refuses to read a number that does not exist yet, and says where', () => {
    const message = expect.stringMatching(/traced tensor \(called from .*recorder\.test\.ts:\d+\)/);
    expect(() => trace(({ x: input }) => ({ y: tf.scalar(input!.dataSync()[0]!) }), { x })).toThrow(
      expect.objectContaining({ code: 'TRACE_INVALID', message }),
    );
  });

  it('reads constants, whose numbers are known', () => {
    const graph = trace(({ x: input }) => ({ y: tf.mul(input!, tf.tensor1d([3, 4]).dataSync()[1]!) }), { x });
    expect(graph.constants.map(({ data }) => [...data])).toEqual([[4]]);
  });

  it('refuses a tensor that was made outside', () => {
    const outside = tf.tensor1d([1, 2]);
    expect(() => trace(({ x: input }) => ({ y: tf.add(input!, outside) }), { x })).toThrow(
      /made outside the traced function.*recorder\.test\.ts:\d+/,
    );
  });

  it('refuses to trace inside a traced function', () => {
    const nested = ({ x: input }: Record<string, Tensor>) => {
      trace(({ x: inner }) => ({ y: inner! }), { x });
      return { y: input! };
    };
    expect(() => trace(nested, { x })).toThrow(expect.objectContaining({ code: 'TRACE_INVALID' }));
  });

  it('names an unsupported operation inside a gradient too', () => {
    const fn = ({ x: input }: Record<string, Tensor>) => ({ y: tf.grad((a: Tensor) => tf.prod(a))(input!) });
    expect(() => trace(fn, { x })).toThrow(
      expect.objectContaining({
        code: 'OPERATION_UNSUPPORTED',
        message: expect.stringMatching(/"Cumprod" \(called from .*recorder\.test\.ts:\d+\)/),
      }),
    );
  });

  it('keeps only what the outputs need', () => {
    const fn = ({ x: input }: Record<string, Tensor>) => {
      tf.exp(input!);
      return { y: tf.relu(input!) };
    };
    expect(trace(fn, { x }).nodes.map(({ operation }) => operation)).toEqual(['Relu', 'Identity']);
  });
});
