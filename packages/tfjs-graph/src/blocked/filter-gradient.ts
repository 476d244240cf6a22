import type { Value } from '../graph.js';
import { readBackwards } from '../operations/families/backwards.js';
import { convolutionWindow } from '../operations/families/convolution.js';
import type { OnnxBuilder } from '../operation.js';
import { emitConvolution, fitsBlocks, type BlockedForm } from './blocked-form.js';
import { rowPartsOf, shiftedTiles, type Tiling } from './shifted-tiles.js';

/**
 * The right side: an image of shape (batch, height, width, channels) whose blocks of columns are read as the channels of
 * a filter as large as the image, one for each channel and part of the rows. The bytes are those of the blocked image.
 */
function asFilters(image: Value, { block, rowParts }: Tiling, onnx: OnnxBuilder): { name: string; kernel: number[] } {
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const blocks = channels / block;
  const rows = height / rowParts;
  const split = onnx.reshape(onnx.read(image, 'blocked'), [batch, blocks, rowParts, rows * width * block]);
  const turned = rowParts > 1 && blocks > 1 ? onnx.emit('Transpose', [split], { perm: [0, 2, 1, 3] }) : split;
  const kernel = [rows, width / block];
  return { name: onnx.reshape(turned, [batch * rowParts * channels, block, ...kernel]), kernel };
}

/**
 * Gradient of a convolution with respect to its filter as one convolution: the shifted tiles of one image with the other
 * image as the filter, which leaves one number for each tap and pair of channels. Summed over images and parts:
 * (blocks of the tiles, blocks of the filters, taps down, taps across, channels of a tile's block, channels of a block).
 */
function tapProducts(
  { tiled, other, tiling }: { tiled: Value; other: Value; tiling: Tiling },
  onnx: OnnxBuilder,
): { name: string; shape: number[] } {
  const { block, taps, before, rowParts } = tiling;
  const tiles = shiftedTiles(tiled, tiling, onnx);
  const filters = asFilters(other, tiling, onnx);
  const groups = other.shape[0]! * rowParts;
  const after = taps[0] - 1 - before[0];
  const products = emitConvolution(
    {
      image: tiles.name,
      filter: filters.name,
      attributes: {
        kernel_shape: filters.kernel,
        strides: [1, 1],
        dilations: [1, taps[1] * tiles.channelsOfBlock],
        pads: rowParts === 1 ? [before[0], 0, after, 0] : [0, 0, 0, 0],
        group: groups,
      },
    },
    onnx,
  );
  const shape = [tiles.blocks, other.shape[3]! / block, ...taps, tiles.channelsOfBlock, block];
  const split = onnx.reshape(products, [shape[0]!, groups, ...shape.slice(1)]);
  return { name: onnx.emit('ReduceSum', [split, onnx.integers([1])], { keepdims: 0 }), shape };
}

export const conv2dBackpropFilter: BlockedForm = (node, onnx, block) => {
  const [x, dy, output] = [node.inputs[0]!, node.inputs[1]!, node.outputs[0]!];
  const window = convolutionWindow(node, x.shape, output.shape);
  const isSame = window.every((axis) => axis.stride === 1 && axis.dilation === 1 && axis.input === axis.output);
  const [xFits, dyFits] = [fitsBlocks(x, block), fitsBlocks(dy, block)];
  const few = [x, dy].every((value, i) => [xFits, dyFits][i] || value.shape[3]! < block);
  if (!isSame || !few || !(xFits || dyFits) || x.shape[2]! % block !== 0) return false;

  const [taps, before] = [window.map(({ kernel }) => kernel), window.map(({ padBefore }) => padBefore)];
  const [height, width, inputs, outputs] = output.shape as [number, number, number, number];
  // The image with fewer channels is copied.
  const isXTiled = dyFits && (!xFits || inputs <= outputs);
  const tiling: Tiling = {
    block,
    taps: [taps[0]!, taps[1]!],
    before: isXTiled ? [before[0]!, before[1]!] : [taps[0]! - 1 - before[0]!, taps[1]! - 1 - before[1]!],
    rowParts: rowPartsOf(x, block),
  };
  if (isXTiled) {
    const { name } = tapProducts({ tiled: x, other: dy, tiling }, onnx);
    onnx.write(output, onnx.reshape(onnx.emit('Transpose', [name], { perm: [2, 3, 0, 4, 1, 5] }), output.shape));
    return true;
  }
  // The other way about the taps come out in reverse.
  const { name, shape } = tapProducts({ tiled: dy, other: x, tiling }, onnx);
  const flat = onnx.reshape(name, [shape[0]!, shape[1]!, height * width, shape[4]!, shape[5]!]);
  const turned = height * width === 1 ? flat : readBackwards(flat, [2], onnx);
  onnx.write(output, onnx.reshape(onnx.emit('Transpose', [turned], { perm: [2, 1, 4, 0, 3] }), output.shape));
  return true;
};
