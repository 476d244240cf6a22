import { CHANNELS_FIRST_AXIS } from '../operations/families/layout.js';
import type { BlockedForm } from './blocked-form.js';

/** Step by step: onnxruntime's own softmax turns channels to the end and back, which takes longer than all of it. */
export const softmax: BlockedForm = (node, onnx) => {
  const image = node.inputs[0]!;
  if (!onnx.stands(image, 'channels-first')) return false;
  const axis = CHANNELS_FIRST_AXIS[3];
  const logits = onnx.read(image, 'channels-first');
  const largest = onnx.emit('ReduceMax', [logits], { axes: [axis], keepdims: 1 });
  const shares = onnx.emit('Exp', [onnx.emit('Sub', [logits, largest])]);
  const whole = onnx.emit('ReduceSum', [shares, onnx.integers([axis])], { keepdims: 1 });
  onnx.write(node.outputs[0]!, onnx.emit('Div', [shares, whole]), 'channels-first');
  return true;
};
