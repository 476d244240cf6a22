import { sizeOf, type Value } from '../../graph.js';
import type { OnnxBuilder } from '../../operation.js';

/** Adds one number a channel, or one to all, to a channels-first image. */
export function writeChannelBias(image: string, bias: Value | undefined, onnx: OnnxBuilder): string {
  if (!bias) return image;
  return onnx.emit('Add', [image, onnx.reshape(onnx.read(bias), [sizeOf(bias.shape), 1, 1])]);
}
