import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

const inputs = { x: floats([1, 4, 4, 2]), filter: floats([3, 3, 2, 2], 3), bias: floats([4], 5) };
const fused =
  (activation: 'linear' | 'relu6') =>
  ({ x, filter, bias }: Record<string, Tensor>): Tensor =>
    tf.fused.depthwiseConv2d({
      x: x as Tensor4D,
      filter: filter as Tensor4D,
      strides: 1,
      pad: 'same',
      ...(bias && { bias }),
      activation,
    });

describeOperation('FusedDepthwiseConv2D', [
  { name: 'linear', inputs, fn: fused('linear'), gradient: 'none' },
  { name: 'relu6', inputs, fn: fused('relu6'), gradient: 'none' },
  { name: 'without a bias', inputs: { x: inputs.x, filter: inputs.filter }, fn: fused('relu6'), gradient: 'none' },
]);
