import type { GraphNode } from '../graph.js';
import type { OnnxBuilder } from '../operation.js';
import { argMax } from './arg-max.js';
import { concat, slice, splitV } from './arrangement.js';
import type { BlockedForm } from './blocked-form.js';
import { channelAffine } from './channel-affine.js';
import { channelDot, channelMean, channelSum } from './channel-sums.js';
import { accumulatedConvolution, convolution } from './convolution.js';
import { conv2dBackpropFilter } from './filter-gradient.js';
import { interleavePixels, pixelPhase } from './pixel-phases.js';
import { maxPool, maxPoolGrad, resizeNearest, resizeNearestGrad } from './pooling.js';
import { softmax } from './softmax.js';

/** What is written otherwise where images stand in blocks. Everything else turns them back for itself. */
const forms: ReadonlyMap<string, BlockedForm> = new Map(
  Object.entries({
    AccumulatedConvolution: accumulatedConvolution,
    ArgMax: argMax,
    ChannelAffine: channelAffine,
    ChannelDot: channelDot,
    Concat: concat,
    Conv2D: convolution,
    Conv2DBackpropFilter: conv2dBackpropFilter,
    Conv2DBackpropInput: convolution,
    InterleavePixels: interleavePixels,
    MaxPool: maxPool,
    MaxPoolGrad: maxPoolGrad,
    Mean: channelMean,
    PixelPhase: pixelPhase,
    ResizeNearestNeighbor: resizeNearest,
    ResizeNearestNeighborGrad: resizeNearestGrad,
    Slice: slice,
    Softmax: softmax,
    SplitV: splitV,
    Sum: channelSum,
  }),
);

/** Writes the node on blocked images; false where there is no such form or its shapes do not fit. */
export function writeBlocked(node: GraphNode, onnx: OnnxBuilder, block: number): boolean {
  return forms.get(node.operation)?.(node, onnx, block) ?? false;
}
