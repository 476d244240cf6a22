import type { GraphNode, Value } from '../graph.js';
import { BLOCKED_DOMAIN } from '../onnx/node-list.js';
import type { OnnxAttribute, OnnxBuilder } from '../operation.js';

/** Writes a node on blocked images, or does nothing and returns false where its shapes do not fit blocks. */
export type BlockedForm = (node: GraphNode, onnx: OnnxBuilder, block: number) => boolean;

export const fitsBlocks = ({ shape, dtype }: Value, block: number): boolean =>
  dtype === 'float32' && shape.length === 4 && shape[3]! % block === 0;

/** True where all images fit blocks and one of them stands in them: what is made of them may as well. */
export const standBlocked = (images: readonly Value[], onnx: OnnxBuilder, block: number): boolean =>
  images.every((value) => fitsBlocks(value, block)) && images.some((value) => onnx.stands(value, 'blocked'));

export interface Convolution {
  readonly image: string;
  readonly filter: string;
  readonly bias?: string;
  /** A blocked image to which the result is added; it may be overwritten. */
  readonly addend?: string;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** One convolution of onnxruntime's own: blocked image (or one of few channels, channels-first) to blocked image. */
export function emitConvolution({ image, filter, bias, addend, attributes }: Convolution, onnx: OnnxBuilder): string {
  const optional = addend === undefined ? (bias === undefined ? [] : [bias]) : [bias ?? '', addend];
  return onnx.emit(`${BLOCKED_DOMAIN}.Conv`, [image, filter, ...optional], attributes);
}

/** Attributes of a convolution that meets every pixel once, at stride 1 without borders. */
export const POINTWISE = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] } as const;

/** How the rows of an image are cut into parts that are summed one by one: short chains of additions round less. */
export const summedRowParts = (height: number): number => (height % 8 === 0 ? 8 : 1);

/** All images and channels side by side as the channels of one image: the same bytes. */
export function asOneImage(
  name: string,
  { shape }: Value,
  { onnx, parts = 1 }: { onnx: OnnxBuilder; parts?: number },
): string {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return onnx.reshape(name, [1, batch * channels * parts, height / parts, width]);
}

/** Partial sums of shape (batch · channels / block, parts, block) as one sum for each image and channel, shape of `output`. */
export function writeChannelSums(
  sums: string,
  {
    output,
    image,
    parts,
    factor,
    block,
  }: { output: Value; image: Value; parts: number; factor: number; block: number },
  onnx: OnnxBuilder,
): void {
  const [batch, , , channels] = image.shape as [number, number, number, number];
  const split = onnx.reshape(sums, [(batch * channels) / block, parts, block]);
  onnx.write(output, onnx.reshape(overParts(split, { parts, factor }, onnx), output.shape));
}

/** The sum over axis 1, times the factor: where that makes a mean of it, in one operation. */
function overParts(
  split: string,
  { parts, factor }: { readonly parts: number; readonly factor: number },
  onnx: OnnxBuilder,
): string {
  if (parts > 1 && factor * parts === 1) return onnx.emit('ReduceMean', [split], { axes: [1], keepdims: 0 });
  const whole = parts === 1 ? split : onnx.emit('ReduceSum', [split, onnx.integers([1])], { keepdims: 0 });
  return factor === 1 ? whole : onnx.emit('Mul', [whole, onnx.scalar(factor)]);
}
