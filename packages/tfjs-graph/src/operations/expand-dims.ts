import { numbersOf } from '../attributes.js';
import type { Operation } from '../operation.js';
import { reshape } from './reshape.js';

/** A new axis of length 1. */
export const expandDims: Operation = {
  kernel: 'ExpandDims',
  inputs: ['input'],
  infer: ({ inputs: [input], attributes }) => {
    const [dim = 0] = numbersOf(attributes, 'dim');
    const shape = [...input!.shape];
    shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
    return [{ shape, dtype: input!.dtype }];
  },
  toOnnx: reshape.toOnnx,
  toTensorFlow: reshape.toTensorFlow,
};
