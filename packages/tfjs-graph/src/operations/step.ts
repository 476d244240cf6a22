import { numberOf } from '../attributes.js';
import { unary } from './families/unary.js';
import { FLOATS } from './families/typed.js';

const FLOAT32_MAX = 3.4028234e38;

/** 1 where the number is positive, `alpha` elsewhere. */
export const step = unary({
  kernel: 'Step',
  result: 'float32',
  formula: (x, onnx, { attributes }) => {
    const alpha = numberOf(attributes, 'alpha', 0);
    // A ramp as steep as float32 allows is 0 or 1 at every normal number, and takes half the time of a comparison and a cast.
    if (alpha === 0) return onnx.emit('HardSigmoid', [x], { alpha: { float: FLOAT32_MAX }, beta: { float: 0 } });
    // The gradient of tf.abs is step(x, -1): without alpha it would be wrong while the loss still falls.
    return onnx.emit('Where', [onnx.emit('Greater', [x, onnx.scalar(0)]), onnx.scalar(1), onnx.scalar(alpha)]);
  },
  tensorFlow: (x, tensorFlow, { attributes }) => {
    const alpha = numberOf(attributes, 'alpha', 0);
    const positive = tensorFlow.emit('Greater', [x, tensorFlow.scalar(0)], FLOATS);
    if (alpha === 0) return tensorFlow.emit('Cast', [positive], { SrcT: { type: 'bool' }, DstT: { type: 'float32' } });
    return tensorFlow.emit('SelectV2', [positive, tensorFlow.scalar(1), tensorFlow.scalar(alpha)], FLOATS);
  },
});
