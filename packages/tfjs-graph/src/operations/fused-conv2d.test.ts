import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

const inputs = { x: floats([1, 4, 4, 2]), filter: floats([3, 3, 2, 3], 3), bias: floats([3], 5) };
const fused =
  (activation: 'linear' | 'relu' | 'sigmoid') =>
  ({ x, filter, bias }: Record<string, Tensor>): Tensor =>
    tf.fused.conv2d({
      x: x as Tensor4D,
      filter: filter as Tensor4D,
      strides: 1,
      pad: 'same',
      ...(bias && { bias }),
      activation,
    });

describeOperation('FusedConv2D', [
  { name: 'linear', inputs, fn: fused('linear') },
  { name: 'relu', inputs, fn: fused('relu') },
  { name: 'sigmoid', inputs, fn: fused('sigmoid') },
  { name: 'without a bias', inputs: { x: inputs.x, filter: inputs.filter }, fn: fused('relu') },
]);
