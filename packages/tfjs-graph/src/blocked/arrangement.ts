import { axisOf } from '../operations/families/layout.js';
import { boundsOf } from '../operations/slice.js';
import { fitsBlocks, standBlocked, type BlockedForm } from './blocked-form.js';

const CHANNELS = 3;

/** Channels one behind the other: whole blocks are. */
export const concat: BlockedForm = (node, onnx, block) => {
  const { inputs, outputs } = node;
  if (!standBlocked(inputs, onnx, block) || axisOf(node.attributes, 4) !== CHANNELS) return false;
  const names = inputs.map((value) => onnx.read(value, 'blocked'));
  onnx.write(outputs[0]!, onnx.emit('Concat', names, { axis: 1 }), 'blocked');
  return true;
};

/** Channels cut between blocks. */
export const splitV: BlockedForm = (node, onnx, block) => {
  const { inputs, outputs } = node;
  const image = inputs[0]!;
  const fits = outputs.every((value) => fitsBlocks(value, block)) && onnx.stands(image, 'blocked');
  if (!fits || axisOf(node.attributes, 4) !== CHANNELS) return false;
  const names = onnx.emitMany(
    'Split',
    [onnx.read(image, 'blocked'), onnx.integers(outputs.map(({ shape }) => shape[3]!))],
    {
      attributes: { axis: 1 },
      outputCount: outputs.length,
    },
  );
  outputs.forEach((output, i) => onnx.write(output, names[i]!, 'blocked'));
  return true;
};

/** Some channels of blocked images; what they are cut from is turned once, whoever else wants a part of it. */
export const slice: BlockedForm = (node, onnx, block) => {
  const [image, output] = [node.inputs[0]!, node.outputs[0]!];
  const whole = [...image.shape.slice(0, CHANNELS), output.shape[CHANNELS]];
  if (!onnx.stands(image, 'blocked') || output.shape.join() !== whole.join()) return false;
  const from = boundsOf(image, node.attributes).begin[CHANNELS]!;
  const layout = from % block === 0 && fitsBlocks(output, block) ? 'blocked' : 'channels-first';
  const ends = [from, from + output.shape[CHANNELS]!].map((channel) => onnx.integers([channel]));
  onnx.write(output, onnx.emit('Slice', [onnx.read(image, layout), ...ends, onnx.integers([1])]), layout);
  return true;
};
