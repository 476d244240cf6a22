import { axesOf, numberOf } from '../attributes.js';
import { BLOCKED_DOMAIN } from '../onnx/node-list.js';
import {
  asOneImage,
  emitConvolution,
  summedRowParts,
  standBlocked,
  writeChannelSums,
  type BlockedForm,
} from './blocked-form.js';

/** The product of two images over the pixels: one image is the filter that covers the other. */
export const channelDot: BlockedForm = (node, onnx, block) => {
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  if (!standBlocked(node.inputs, onnx, block)) return false;
  const [batch, height, width, channels] = a.shape as [number, number, number, number];
  const parts = summedRowParts(height);
  const count = batch * channels * parts;
  const kernel = [height / parts, width];
  const sums = emitConvolution(
    {
      image: asOneImage(onnx.read(a, 'blocked'), a, { onnx, parts }),
      filter: onnx.reshape(onnx.read(b, 'blocked'), [count, 1, ...kernel]),
      attributes: { kernel_shape: kernel, strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], group: count },
    },
    onnx,
  );
  const factor = numberOf(node.attributes, 'factor');
  writeChannelSums(sums, { output: node.outputs[0]!, image: a, parts, factor, block }, onnx);
  return true;
};

/** Mean or sum over height and width of images that stand in blocks. */
const overPixels =
  (kind: 'mean' | 'sum'): BlockedForm =>
  (node, onnx, block) => {
    const image = node.inputs[0]!;
    if (!standBlocked([image], onnx, block)) return false;
    if (axesOf(node.attributes, 4).join() !== '1,2') return false;
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const parts = summedRowParts(height);
    const rows = onnx.reshape(onnx.read(image, 'blocked'), [
      ((batch * channels) / block) * parts,
      block,
      height / parts,
      width,
    ]);
    const means = onnx.emit(`${BLOCKED_DOMAIN}.GlobalAveragePool`, [rows]);
    const factor = kind === 'mean' ? 1 / parts : (height / parts) * width;
    writeChannelSums(means, { output: node.outputs[0]!, image, parts, factor, block }, onnx);
    return true;
  };

export const channelMean = overPixels('mean');
export const channelSum = overPixels('sum');
