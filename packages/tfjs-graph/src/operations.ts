import { abs } from './operations/abs.js';
import { acos } from './operations/acos.js';
import { acosh } from './operations/acosh.js';
import { addN } from './operations/add-n.js';
import { add } from './operations/add.js';
import { all } from './operations/all.js';
import { any } from './operations/any.js';
import { argMax } from './operations/arg-max.js';
import { argMin } from './operations/arg-min.js';
import { asin } from './operations/asin.js';
import { asinh } from './operations/asinh.js';
import { atan } from './operations/atan.js';
import { atan2 } from './operations/atan2.js';
import { atanh } from './operations/atanh.js';
import { avgPoolGrad } from './operations/avg-pool-grad.js';
import { avgPool } from './operations/avg-pool.js';
import { batchMatMul } from './operations/batch-mat-mul.js';
import { cast } from './operations/cast.js';
import { ceil } from './operations/ceil.js';
import { clipByValue } from './operations/clip-by-value.js';
import { concat } from './operations/concat.js';
import { conv2dBackpropFilter } from './operations/conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './operations/conv2d-backprop-input.js';
import { conv2d } from './operations/conv2d.js';
import { cos } from './operations/cos.js';
import { cosh } from './operations/cosh.js';
import { cumsum } from './operations/cumsum.js';
import { depthToSpace } from './operations/depth-to-space.js';
import { depthwiseConv2dNativeBackpropFilter } from './operations/depthwise-conv2d-native-backprop-filter.js';
import { depthwiseConv2dNativeBackpropInput } from './operations/depthwise-conv2d-native-backprop-input.js';
import { depthwiseConv2dNative } from './operations/depthwise-conv2d-native.js';
import { eluGrad } from './operations/elu-grad.js';
import { elu } from './operations/elu.js';
import { equal } from './operations/equal.js';
import { erf } from './operations/erf.js';
import { exp } from './operations/exp.js';
import { expandDims } from './operations/expand-dims.js';
import { expm1 } from './operations/expm1.js';
import { fill } from './operations/fill.js';
import { floorDiv } from './operations/floor-div.js';
import { floor } from './operations/floor.js';
import { fusedBatchNorm } from './operations/fused-batch-norm.js';
import { fusedConv2d } from './operations/fused-conv2d.js';
import { fusedDepthwiseConv2d } from './operations/fused-depthwise-conv2d.js';
import { fusedMatMul } from './operations/fused-mat-mul.js';
import { gatherV2 } from './operations/gather-v2.js';
import { greaterEqual } from './operations/greater-equal.js';
import { greater } from './operations/greater.js';
import { identity } from './operations/identity.js';
import { isFinite } from './operations/is-finite.js';
import { isInf } from './operations/is-inf.js';
import { isNan } from './operations/is-nan.js';
import { leakyRelu } from './operations/leaky-relu.js';
import { lessEqual } from './operations/less-equal.js';
import { less } from './operations/less.js';
import { linSpace } from './operations/lin-space.js';
import { log } from './operations/log.js';
import { log1p } from './operations/log1p.js';
import { logicalAnd } from './operations/logical-and.js';
import { logicalNot } from './operations/logical-not.js';
import { logicalOr } from './operations/logical-or.js';
import { maxPoolGrad } from './operations/max-pool-grad.js';
import { maxPool } from './operations/max-pool.js';
import { max } from './operations/max.js';
import { maximum } from './operations/maximum.js';
import { mean } from './operations/mean.js';
import { min } from './operations/min.js';
import { minimum } from './operations/minimum.js';
import { mod } from './operations/mod.js';
import { multiply } from './operations/multiply.js';
import { neg } from './operations/neg.js';
import { notEqual } from './operations/not-equal.js';
import { oneHot } from './operations/one-hot.js';
import { onesLike } from './operations/ones-like.js';
import { pack } from './operations/pack.js';
import { padV2 } from './operations/pad-v2.js';
import { pow } from './operations/pow.js';
import { prelu } from './operations/prelu.js';
import { prod } from './operations/prod.js';
import { range } from './operations/range.js';
import { realDiv } from './operations/real-div.js';
import { reciprocal } from './operations/reciprocal.js';
import { relu } from './operations/relu.js';
import { relu6 } from './operations/relu6.js';
import { reshape } from './operations/reshape.js';
import { resizeBilinearGrad } from './operations/resize-bilinear-grad.js';
import { resizeBilinear } from './operations/resize-bilinear.js';
import { resizeNearestNeighborGrad } from './operations/resize-nearest-neighbor-grad.js';
import { resizeNearestNeighbor } from './operations/resize-nearest-neighbor.js';
import { reverse } from './operations/reverse.js';
import { round } from './operations/round.js';
import { rsqrt } from './operations/rsqrt.js';
import { select } from './operations/select.js';
import { selu } from './operations/selu.js';
import { sigmoid } from './operations/sigmoid.js';
import { sign } from './operations/sign.js';
import { sin } from './operations/sin.js';
import { sinh } from './operations/sinh.js';
import { slice } from './operations/slice.js';
import { softmax } from './operations/softmax.js';
import { softplus } from './operations/softplus.js';
import { splitV } from './operations/split-v.js';
import { sqrt } from './operations/sqrt.js';
import { square } from './operations/square.js';
import { squaredDifference } from './operations/squared-difference.js';
import { step } from './operations/step.js';
import { stridedSlice } from './operations/strided-slice.js';
import { sub } from './operations/sub.js';
import { sum } from './operations/sum.js';
import { tan } from './operations/tan.js';
import { tanh } from './operations/tanh.js';
import { tile } from './operations/tile.js';
import { transpose } from './operations/transpose.js';
import { unpack } from './operations/unpack.js';
import { unsortedSegmentSum } from './operations/unsorted-segment-sum.js';
import { zerosLike } from './operations/zeros-like.js';
import type { Operation } from './operation.js';

/** Every operation that can be traced. To add one, write its file and its test, and name it here. */
export const operations: readonly Operation[] = [
  abs,
  acos,
  acosh,
  add,
  addN,
  all,
  any,
  argMax,
  argMin,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  avgPool,
  avgPoolGrad,
  batchMatMul,
  cast,
  ceil,
  clipByValue,
  concat,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  cos,
  cosh,
  cumsum,
  depthToSpace,
  depthwiseConv2dNative,
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
  elu,
  eluGrad,
  equal,
  erf,
  exp,
  expandDims,
  expm1,
  fill,
  floor,
  floorDiv,
  fusedBatchNorm,
  fusedConv2d,
  fusedDepthwiseConv2d,
  fusedMatMul,
  gatherV2,
  greater,
  greaterEqual,
  identity,
  isFinite,
  isInf,
  isNan,
  leakyRelu,
  less,
  lessEqual,
  linSpace,
  log,
  log1p,
  logicalAnd,
  logicalNot,
  logicalOr,
  max,
  maximum,
  maxPool,
  maxPoolGrad,
  mean,
  min,
  minimum,
  mod,
  multiply,
  neg,
  notEqual,
  oneHot,
  onesLike,
  pack,
  padV2,
  pow,
  prelu,
  prod,
  range,
  realDiv,
  reciprocal,
  relu,
  relu6,
  reshape,
  resizeBilinear,
  resizeBilinearGrad,
  resizeNearestNeighbor,
  resizeNearestNeighborGrad,
  reverse,
  round,
  rsqrt,
  select,
  selu,
  sigmoid,
  sign,
  sin,
  sinh,
  slice,
  softmax,
  softplus,
  splitV,
  sqrt,
  square,
  squaredDifference,
  step,
  stridedSlice,
  sub,
  sum,
  tan,
  tanh,
  tile,
  transpose,
  unpack,
  unsortedSegmentSum,
  zerosLike,
];
