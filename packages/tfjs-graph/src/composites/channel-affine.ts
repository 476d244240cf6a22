import { namedInputs } from '../attributes.js';
import { writeElementwise } from '../operations/families/elementwise.js';
import type { Composite } from '../operation.js';
import { CHANNEL_AFFINE_INPUTS } from '../passes/channel-affine.js';

/** Images times one number a channel, summed, and one number a channel added. */
export const channelAffine: Composite = {
  operation: 'ChannelAffine',
  toOnnx: (node, onnx) =>
    writeElementwise(node, onnx, (names) => {
      const given = namedInputs(node, CHANNEL_AFFINE_INPUTS);
      const nameOf = (input: (typeof CHANNEL_AFFINE_INPUTS)[number]) =>
        given[input] && names[node.inputs.indexOf(given[input])];
      const term = (image: string | undefined, scale: string | undefined) =>
        image && scale ? onnx.emit('Mul', [image, scale]) : image;
      const parts = [
        term(nameOf('image'), nameOf('scale')),
        term(nameOf('otherImage'), nameOf('otherScale')),
        nameOf('shift'),
      ];
      const sum = parts.filter((part) => part !== undefined).reduce((a, b) => onnx.emit('Add', [a, b]));
      return node.attributes['relu'] === true ? onnx.emit('Relu', [sum]) : sum;
    }),
};
