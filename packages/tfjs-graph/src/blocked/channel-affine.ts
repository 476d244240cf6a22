import { namedInputs } from '../attributes.js';
import { sizeOf, type Value } from '../graph.js';
import type { OnnxBuilder } from '../operation.js';
import { CHANNEL_AFFINE_INPUTS } from '../passes/channel-affine.js';
import { asOneImage, emitConvolution, POINTWISE, standBlocked, type BlockedForm } from './blocked-form.js';

/** One number for each image and channel, from one a channel or from none: 1. */
function perChannel(value: Value | undefined, [batch, channels]: readonly [number, number], onnx: OnnxBuilder): string {
  if (!value) return onnx.constant(new Float32Array(batch * channels).fill(1), [batch * channels]);
  const isEach = sizeOf(value.shape) === batch * channels;
  const rows = onnx.reshape(onnx.read(value), [isEach ? batch : 1, channels]);
  return onnx.reshape(isEach ? rows : onnx.emit('Expand', [rows, onnx.integers([batch, channels])]), [-1]);
}

/** With all images side by side it is a convolution of one tap whose channels keep apart; the second adds to the first. */
export const channelAffine: BlockedForm = (node, onnx, block) => {
  const given = namedInputs(node, CHANNEL_AFFINE_INPUTS);
  const { image, scale, otherImage, otherScale, shift } = given;
  if (!image || !standBlocked(otherImage ? [image, otherImage] : [image], onnx, block)) return false;
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const count = batch * channels;
  const attributes = { ...POINTWISE, group: count };
  const activation = node.attributes['relu'] === true ? { activation: 'Relu' } : {};
  const filterOf = (value: Value | undefined) =>
    onnx.reshape(perChannel(value, [batch, channels], onnx), [count, 1, 1, 1]);
  const flat = (value: Value) => asOneImage(onnx.read(value, 'blocked'), value, { onnx });
  const bias = shift && { bias: perChannel(shift, [batch, channels], onnx) };
  const addend = otherImage && {
    addend: emitConvolution({ image: flat(otherImage), filter: filterOf(otherScale), attributes }, onnx),
  };
  const sum = emitConvolution(
    { image: flat(image), filter: filterOf(scale), ...bias, ...addend, attributes: { ...attributes, ...activation } },
    onnx,
  );
  onnx.write(node.outputs[0]!, onnx.reshape(sum, [batch, channels, height, width]), 'blocked');
  return true;
};
