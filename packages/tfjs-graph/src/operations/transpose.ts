import { numbersOf } from '../attributes.js';
import type { Operation } from '../operation.js';
import { typed } from './families/typed.js';

const TO_CHANNELS_FIRST = '0,3,1,2';
const FROM_CHANNELS_FIRST = '0,2,3,1';

/** Axes in another order. Between channels-first and channels-last nothing moves where the numbers lie right already. */
export const transpose: Operation = {
  kernel: 'Transpose',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => [
    { shape: numbersOf(attributes, 'perm').map((axis) => x!.shape[axis]!), dtype: x!.dtype },
  ],
  toOnnx: (node, onnx) => {
    const [input, output] = [node.inputs[0]!, node.outputs[0]!];
    const perm = numbersOf(node.attributes, 'perm');
    if (perm.join() === TO_CHANNELS_FIRST && onnx.stands(input, 'channels-first'))
      onnx.write(output, onnx.read(input, 'channels-first'));
    else if (perm.join() === FROM_CHANNELS_FIRST && !onnx.stands(input, 'channels-first'))
      onnx.write(output, onnx.read(input), 'channels-first');
    else onnx.write(output, onnx.emit('Transpose', [onnx.read(input)], { perm }));
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) =>
    tensorFlow.emit('Transpose', [input!, tensorFlow.integers(numbersOf(attributes, 'perm'))], typed(x!)),
};
