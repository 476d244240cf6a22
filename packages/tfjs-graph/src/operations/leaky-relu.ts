import { numberOf } from '../attributes.js';
import { unary } from './families/unary.js';
import { FLOATS } from './families/typed.js';

/** The number where it is positive, `alpha` times it elsewhere. */
export const leakyRelu = unary({
  kernel: 'LeakyRelu',
  result: 'float32',
  integers: 'widened',
  formula: (x, onnx, { attributes }) =>
    onnx.emit('LeakyRelu', [x], { alpha: { float: numberOf(attributes, 'alpha', 0.2) } }),
  tensorFlow: (x, tensorFlow, { attributes }) =>
    tensorFlow.emit('LeakyRelu', [x], { ...FLOATS, alpha: { float: numberOf(attributes, 'alpha', 0.2) } }),
});
