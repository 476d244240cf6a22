import { numberOf } from '../attributes.js';
import { standBlocked, type BlockedForm } from './blocked-form.js';

/** Pairs of rows, pairs of columns: in blocks each is one stretch of memory. */
export const pixelPhase: BlockedForm = (node, onnx, block) => {
  const image = node.inputs[0]!;
  if (!standBlocked([image], onnx, block)) return false;
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const [row, column] = [numberOf(node.attributes, 'row'), numberOf(node.attributes, 'column')];
  const rows = (batch * (channels / block) * height) / 2;
  const pairs = onnx.reshape(onnx.read(image, 'blocked'), [rows, 2, width / 2, 2 * block]);
  const part = onnx.emit('Slice', [
    pairs,
    onnx.integers([row, column * block]),
    onnx.integers([row + 1, (column + 1) * block]),
    onnx.integers([1, 3]),
  ]);
  onnx.write(node.outputs[0]!, onnx.reshape(part, [batch, channels, height / 2, width / 2]), 'blocked');
  return true;
};

export const interleavePixels: BlockedForm = (node, onnx, block) => {
  if (!standBlocked(node.inputs, onnx, block)) return false;
  const [batch, height, width, channels] = node.inputs[0]!.shape as [number, number, number, number];
  const rows = batch * (channels / block) * height;
  const names = node.inputs.map((value) => onnx.reshape(onnx.read(value, 'blocked'), [rows, width, block]));
  const pairs = [names.slice(0, 2), names.slice(2)].map((pair) =>
    onnx.reshape(onnx.emit('Concat', pair, { axis: 2 }), [rows, 2 * width * block]),
  );
  const whole = onnx.emit('Concat', pairs, { axis: 1 });
  onnx.write(node.outputs[0]!, onnx.reshape(whole, [batch, channels, 2 * height, 2 * width]), 'blocked');
  return true;
};
