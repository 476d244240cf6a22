import type { Operation } from '../operation.js';
import { sameAs } from './elementwise.js';

/** Softmax over the last axis; in channels-first form that is axis 1. */
function softmaxLike(kernel: string): Operation {
  return {
    kernel,
    inputs: ['logits'],
    infer: ({ inputs: [logits] }) => [sameAs(logits!)],
    toOnnx: (node, onnx) => {
      const input = node.inputs[0]!;
      const turned = onnx.isChannelsFirst(input);
      const layout = turned ? 'channels-first' : 'logical';
      onnx.write(node.outputs[0]!, onnx.emit(kernel, [onnx.read(input, layout)], { axis: turned ? 1 : input.shape.length - 1 }), layout);
    },
  };
}

export const softmax = softmaxLike('Softmax');
export const logSoftmax = softmaxLike('LogSoftmax');
