import { numberOf } from '../attributes.js';
import type { Value } from '../graph.js';
import { ELEMENT_TYPES } from '../onnx/element-types.js';
import type { Composite } from '../operation.js';
import { convolutionWindow, windowAttributes } from '../operations/families/convolution.js';
import { poolWindow } from '../operations/families/pooling.js';

/** Operators of onnxruntime beyond the standard; these work on images with their channels last, as they are traced. */
export const EIGHT_BIT_DOMAIN = 'com.microsoft';

/** float32 rounded to 8 bits: numbers / scale + zero, cut off at 0 and 255. */
const quantise: Composite = {
  operation: 'QuantiseEightBits',
  toOnnx: (node, onnx) =>
    onnx.write(
      node.outputs[0]!,
      onnx.emit('QuantizeLinear', [
        onnx.read(node.inputs[0]!),
        onnx.scalar(numberOf(node.attributes, 'scale')),
        onnx.scalar(numberOf(node.attributes, 'zero'), 'uint8'),
      ]),
    ),
};

/** Inputs: image, filter as whole numbers, a scale a channel, a number added to each channel's sum. */
const convolution: Composite = {
  operation: 'EightBitConvolution',
  toOnnx: (node, onnx) => {
    const [image, filter, scales, shifts] = node.inputs as [Value, Value, Value, Value];
    const turned = onnx.emit('Transpose', [onnx.read(filter)], { perm: [3, 2, 0, 1] });
    const window = convolutionWindow(node, image.shape, filter.shape);
    const zeros = new Int32Array(scales.shape[0]!);
    onnx.write(
      node.outputs[0]!,
      onnx.emit(
        `${EIGHT_BIT_DOMAIN}.QLinearConv`,
        [
          onnx.read(image),
          onnx.scalar(numberOf(node.attributes, 'scale')),
          onnx.scalar(numberOf(node.attributes, 'zero'), 'uint8'),
          onnx.emit('Cast', [turned], { to: ELEMENT_TYPES.int8 }),
          onnx.read(scales),
          onnx.emit('Cast', [onnx.constant(zeros, [zeros.length])], { to: ELEMENT_TYPES.int8 }),
          onnx.scalar(1),
          onnx.scalar(0, 'uint8'),
          onnx.read(shifts),
        ],
        { ...windowAttributes(window), channels_last: 1 },
      ),
    );
  },
};

const asNumbers: Composite = {
  operation: 'EightBitsAsNumbers',
  toOnnx: (node, onnx) =>
    onnx.write(
      node.outputs[0]!,
      onnx.emit('DequantizeLinear', [onnx.read(node.inputs[0]!), onnx.scalar(1), onnx.scalar(0, 'uint8')]),
    ),
};

const maxPool: Composite = {
  operation: 'EightBitMaxPool',
  toOnnx: (node, onnx) => {
    const image = node.inputs[0]!;
    const attributes = windowAttributes(poolWindow(node.attributes, image.shape));
    onnx.write(node.outputs[0]!, onnx.emit(`${EIGHT_BIT_DOMAIN}.NhwcMaxPool`, [onnx.read(image)], attributes));
  },
};

/** Every pixel repeated along an axis of its own. */
const growth: Composite = {
  operation: 'EightBitGrowth',
  toOnnx: (node, onnx) => {
    const [image, output] = [node.inputs[0]!, node.outputs[0]!];
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const [rows, columns] = [output.shape[1]! / height, output.shape[2]! / width];
    const apart = onnx.reshape(onnx.read(image), [batch, height, 1, width, 1, channels]);
    const repeated = onnx.emit('Expand', [apart, onnx.integers([batch, height, rows, width, columns, channels])]);
    onnx.write(output, onnx.reshape(repeated, output.shape));
  },
};

export const eightBitOperations: readonly Composite[] = [quantise, convolution, asNumbers, maxPool, growth];
