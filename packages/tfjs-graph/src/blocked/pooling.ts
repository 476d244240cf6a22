import { BLOCKED_DOMAIN } from '../onnx/node-list.js';
import { windowAttributes } from '../operations/families/convolution.js';
import { poolWindow } from '../operations/families/pooling.js';
import { sampledAxes } from '../operations/families/sampling.js';
import { wholeFactors } from '../operations/families/whole-factors.js';
import { tilesImage } from '../operations/max-pool-grad.js';
import type { OnnxBuilder } from '../operation.js';
import { emitConvolution, standBlocked, type BlockedForm } from './blocked-form.js';

const upsample = (image: string, [height, width]: readonly [number, number], onnx: OnnxBuilder): string =>
  onnx.emit(`${BLOCKED_DOMAIN}.Upsample`, [image], { scales: [1, 1, height, width], mode: 'nearest' });

export const maxPool: BlockedForm = (node, onnx, block) => {
  const image = node.inputs[0]!;
  if (!standBlocked(node.inputs, onnx, block)) return false;
  const attributes = windowAttributes(poolWindow(node.attributes, image.shape));
  onnx.write(
    node.outputs[0]!,
    onnx.emit(`${BLOCKED_DOMAIN}.MaxPool`, [onnx.read(image, 'blocked')], attributes),
    'blocked',
  );
  return true;
};

/** As the plain form does it: equal pixels of a window share what it is given. */
export const maxPoolGrad: BlockedForm = (node, onnx, block) => {
  const window = poolWindow(node.attributes, node.inputs[1]!.shape);
  if (!standBlocked(node.inputs, onnx, block) || !tilesImage(window)) return false;
  const [dy, input, output] = node.inputs.map((value) => onnx.read(value, 'blocked')) as [string, string, string];
  const size = [window[0].kernel, window[1].kernel] as const;
  const mask = onnx.emit('Cast', [onnx.emit('Equal', [input, upsample(output, size, onnx)])], { to: 1 });
  const shareOfWindow = onnx.emit(`${BLOCKED_DOMAIN}.AveragePool`, [mask], {
    kernel_shape: size,
    strides: size,
    pads: [0, 0, 0, 0],
    count_include_pad: 0,
  });
  const tied = onnx.emit('Mul', [shareOfWindow, onnx.scalar(size[0] * size[1])]);
  const each = upsample(onnx.emit('Div', [dy, tied]), size, onnx);
  onnx.write(node.outputs[0]!, onnx.emit('Mul', [mask, each]), 'blocked');
  return true;
};

export const resizeNearest: BlockedForm = (node, onnx, block) => {
  const image = node.inputs[0]!;
  const factors = wholeFactors(sampledAxes(node.attributes, image.shape), node.attributes);
  if (!factors || !standBlocked(node.inputs, onnx, block)) return false;
  onnx.write(node.outputs[0]!, upsample(onnx.read(image, 'blocked'), factors, onnx), 'blocked');
  return true;
};

/** The sum over the copies of each pixel: a filter of ones, channel by channel. */
export const resizeNearestGrad: BlockedForm = (node, onnx, block) => {
  const [images, dy] = [node.inputs[0]!, node.inputs[1]!];
  const factors = wholeFactors(sampledAxes(node.attributes, images.shape), node.attributes);
  if (!factors || !standBlocked([dy], onnx, block)) return false;
  const channels = dy.shape[3]!;
  const filter = onnx.constant(new Float32Array(channels * factors[0] * factors[1]).fill(1), [channels, 1, ...factors]);
  const attributes = {
    kernel_shape: factors,
    strides: factors,
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
    group: channels,
  };
  onnx.write(
    node.outputs[0]!,
    emitConvolution({ image: onnx.read(dy, 'blocked'), filter, attributes }, onnx),
    'blocked',
  );
  return true;
};
