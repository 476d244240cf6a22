import { addN } from './operations/add-n.js';
import { argMax, argMin } from './operations/arg-reductions.js';
import { avgPool, avgPoolGrad } from './operations/avg-pool.js';
import { binaryOperations } from './operations/binary.js';
import { cast, identity } from './operations/cast.js';
import { concat, pack, unpack } from './operations/concat.js';
import { conv2dBackpropFilter } from './operations/conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './operations/conv2d-backprop-input.js';
import { conv2d } from './operations/conv2d.js';
import { fill, onesLike, zerosLike } from './operations/fill.js';
import { gather } from './operations/gather.js';
import { batchMatMul } from './operations/mat-mul.js';
import { maxPool, maxPoolGrad } from './operations/max-pool.js';
import { oneHot } from './operations/one-hot.js';
import { pad } from './operations/pad.js';
import { reductionOperations } from './operations/reductions.js';
import { expandDims, reshape } from './operations/reshape.js';
import { resizeNearest, resizeNearestGrad } from './operations/resize-nearest.js';
import { select } from './operations/select.js';
import { slice } from './operations/slice.js';
import { logSoftmax, softmax } from './operations/softmax.js';
import { split } from './operations/split.js';
import { tile } from './operations/tile.js';
import { transpose } from './operations/transpose.js';
import { unaryOperations } from './operations/unary.js';
import type { Operation } from './operation.js';

/** Every operation that can be traced. To add one, write its file and name it here. */
export const operations: readonly Operation[] = [
  ...unaryOperations,
  ...binaryOperations,
  ...reductionOperations,
  addN,
  argMax,
  argMin,
  avgPool,
  avgPoolGrad,
  batchMatMul,
  cast,
  concat,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  expandDims,
  fill,
  gather,
  identity,
  logSoftmax,
  maxPool,
  maxPoolGrad,
  oneHot,
  onesLike,
  pack,
  pad,
  reshape,
  resizeNearest,
  resizeNearestGrad,
  select,
  slice,
  softmax,
  split,
  tile,
  transpose,
  unpack,
  zerosLike,
];
