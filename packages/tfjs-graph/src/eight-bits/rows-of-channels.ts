import { namedInputs, numberOf } from '../attributes.js';
import { channelAffine } from '../composites/channel-affine.js';
import { channelDot } from '../composites/channel-dot.js';
import { sizeOf, type Value } from '../graph.js';
import type { Composite, OnnxBuilder } from '../operation.js';
import { CHANNEL_AFFINE_INPUTS } from '../passes/channel-affine.js';

/** Numbers that onnxruntime works off in one go. With the channels last a broadcast has only so many as there are channels. */
const RUN_LENGTH = 512;

const standLast = (images: readonly Value[], onnx: OnnxBuilder): boolean =>
  images.every((image) => image.shape.length === 4 && onnx.stands(image, 'logical'));

/** Pixels side by side in one row, so many that a row is about a run. */
function pixelsOfRow([, height, width, channels]: readonly [number, number, number, number]): number {
  let pixels = 1;
  while ((height * width) % (2 * pixels) === 0 && 2 * pixels * channels <= RUN_LENGTH) pixels *= 2;
  return pixels;
}

/** `ChannelAffine` on images with their channels last: one number a channel is repeated for as many pixels as make a run. */
const affineInRows: Composite = {
  operation: channelAffine.operation,
  toOnnx: (node, onnx) => {
    const { image, scale, otherImage, shift } = namedInputs(node, CHANNEL_AFFINE_INPUTS);
    if (!image || otherImage || !standLast([image], onnx)) return channelAffine.toOnnx(node, onnx);
    const shape = image.shape as [number, number, number, number];
    const [batch, height, width, channels] = shape;
    const pixels = pixelsOfRow(shape);
    const perRow = (value: Value): string => {
      const rows = onnx.reshape(onnx.read(value), [sizeOf(value.shape) / channels, 1, channels]);
      return onnx.emit('Tile', [rows, onnx.integers([1, 1, pixels])]);
    };
    const source = onnx.reshape(onnx.read(image), [batch, (height * width) / pixels, pixels * channels]);
    const scaled = scale ? onnx.emit('Mul', [source, perRow(scale)]) : source;
    const shifted = shift ? onnx.emit('Add', [scaled, perRow(shift)]) : scaled;
    const result = node.attributes['relu'] === true ? onnx.emit('Relu', [shifted]) : shifted;
    onnx.write(node.outputs[0]!, onnx.reshape(result, shape));
  },
};

/** `ChannelDot` on images with their channels last. */
const dotInRows: Composite = {
  operation: channelDot.operation,
  toOnnx: (node, onnx) => {
    const [a, b] = node.inputs as [Value, Value];
    if (!standLast([a, b], onnx)) return channelDot.toOnnx(node, onnx);
    const [batch, height, width, channels] = a.shape as [number, number, number, number];
    const product = onnx.emit('Mul', [onnx.read(a), onnx.read(b)]);
    const rows = onnx.reshape(product, [batch, height * width, channels]);
    const mean = onnx.emit('ReduceMean', [rows], { axes: [1], keepdims: 0 });
    const factor = numberOf(node.attributes, 'factor') * height * width;
    const scaled = onnx.emit('Mul', [mean, onnx.scalar(factor)]);
    onnx.write(node.outputs[0]!, onnx.reshape(scaled, node.outputs[0]!.shape));
  },
};

/** Instead of the plain forms, where images keep their channels last. */
export const formsInRows: Readonly<Record<string, Composite['toOnnx']>> = Object.fromEntries(
  [affineInRows, dotInRows].map(({ operation, toOnnx }) => [operation, toOnnx]),
);
