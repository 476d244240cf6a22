import type { Operation } from '../operation.js';
import { sameAs, writeElementwise } from './families/elementwise.js';
import { FLOATS } from './families/typed.js';

/** The number where it is positive, a learnt multiple of it elsewhere. */
export const prelu: Operation = {
  kernel: 'Prelu',
  inputs: ['x', 'alpha'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) =>
    writeElementwise(node, onnx, ([x, alpha]) =>
      onnx.emit('Where', [onnx.emit('Greater', [x!, onnx.scalar(0)]), x!, onnx.emit('Mul', [x!, alpha!])]),
    ),
  toTensorFlow: (_, tensorFlow, [x, alpha]) => {
    const positive = tensorFlow.emit('Greater', [x!, tensorFlow.scalar(0)], FLOATS);
    return tensorFlow.emit('SelectV2', [positive, x!, tensorFlow.emit('Mul', [x!, alpha!], FLOATS)], FLOATS);
  },
};
