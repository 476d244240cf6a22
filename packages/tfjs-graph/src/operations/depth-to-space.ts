import { numberOf } from '../attributes.js';
import { GraphError } from '../graph.js';
import type { Operation } from '../operation.js';
import { typed } from './families/typed.js';

/** Channels laid out as blocks of pixels. */
export const depthToSpace: Operation = {
  kernel: 'DepthToSpace',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    if (attributes['dataFormat'] === 'NCHW')
      throw new GraphError(
        'OPERATION_UNSUPPORTED',
        'Cannot trace operation "DepthToSpace" of channels-first images: use NHWC, the default',
      );
    const block = numberOf(attributes, 'blockSize');
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    return [{ shape: [batch, height * block, width * block, channels / (block * block)], dtype: x!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const blocks = onnx.emit('DepthToSpace', [onnx.read(node.inputs[0]!, 'channels-first')], {
      blocksize: numberOf(node.attributes, 'blockSize'),
      mode: 'DCR',
    });
    onnx.write(node.outputs[0]!, blocks, 'channels-first');
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, inputs) =>
    tensorFlow.emit('DepthToSpace', inputs, { ...typed(x!), block_size: numberOf(attributes, 'blockSize') }),
};
