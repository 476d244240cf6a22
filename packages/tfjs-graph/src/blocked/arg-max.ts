import { ELEMENT_TYPES } from '../onnx/element-types.js';
import { axisOf } from '../operations/families/layout.js';
import type { BlockedForm } from './blocked-form.js';

const CHANNELS = 3;

/** Of two channels it takes a fifth of the time, of six as long. */
const CHANNELS_MAX = 4;

/** Channel by channel: onnxruntime's own steps from one to the next at every pixel, which takes longer than all of it. */
export const argMax: BlockedForm = (node, onnx) => {
  const [image, output] = [node.inputs[0]!, node.outputs[0]!];
  const channels = image.shape[CHANNELS]!;
  if (!onnx.stands(image, 'channels-first') || axisOf(node.attributes, 4) !== CHANNELS) return false;
  if (channels < 2 || channels > CHANNELS_MAX) return false;
  const scores = onnx.read(image, 'channels-first');
  const plane = (channel: number) => {
    const [from, to, axis] = [channel, channel + 1, 1].map((value) => onnx.integers([value]));
    return onnx.emit('Slice', [scores, from!, to!, axis!]);
  };
  let largest = plane(0);
  let index: string | undefined;
  for (let channel = 1; channel < channels; channel++) {
    const isLarger = onnx.emit('Greater', [plane(channel), largest]);
    index = index
      ? onnx.emit('Where', [isLarger, onnx.scalar(channel, 'int32'), index])
      : onnx.emit('Cast', [isLarger], { to: ELEMENT_TYPES.int32 });
    largest = onnx.emit('Where', [isLarger, plane(channel), largest]);
  }
  onnx.write(output, onnx.reshape(index!, output.shape));
  return true;
};
