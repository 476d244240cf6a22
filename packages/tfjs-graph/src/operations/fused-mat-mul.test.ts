import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';
import { trace } from '../trace.js';

const inputs = { a: floats([2, 3]), b: floats([3, 2], 3), bias: floats([2], 5) };
const fused =
  (activation: 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu' | 'prelu') =>
  ({ a, b, bias }: Record<string, Tensor>): Tensor =>
    tf.fused.matMul({
      a: a as never,
      b: b as never,
      bias: bias!,
      activation,
      leakyreluAlpha: 0.3,
      ...(activation === 'prelu' && { preluActivationWeights: bias! }),
    });

describeOperation('_FusedMatMul', [
  ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation) => ({
    name: activation,
    inputs,
    fn: fused(activation),
  })),
  {
    name: 'without a bias',
    inputs: { a: inputs.a, b: inputs.b },
    fn: ({ a, b }) => tf.fused.matMul({ a: a as never, b: b as never, activation: 'relu' }),
  },
]);

describe('_FusedMatMul', () => {
  it('refuses an activation it does not know', () => {
    expect(() => trace((record) => ({ y: fused('prelu')(record) }), inputs)).toThrow(
      expect.objectContaining({ code: 'OPERATION_UNSUPPORTED' }),
    );
  });
});
