import { axesOf } from '../attributes.js';
import type { Operation } from '../operation.js';
import { readBackwards } from './families/backwards.js';
import { sameAs } from './families/elementwise.js';
import { standingLayout } from './families/layout.js';
import { typed } from './families/typed.js';

/** Some axes read backwards: how an image is mirrored. */
export const reverse: Operation = {
  kernel: 'Reverse',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => {
    const [input, output] = [node.inputs[0]!, node.outputs[0]!];
    const axes = axesOf(node.attributes, input.shape.length, 'dims');
    const { layout, axis } = standingLayout(input, onnx);
    const standing = onnx.read(input, layout);
    const turned =
      axes.length === 0 ? onnx.emit('Identity', [standing]) : readBackwards(standing, axes.map(axis), onnx);
    onnx.write(output, turned, layout);
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) =>
    tensorFlow.emit('ReverseV2', [input!, tensorFlow.integers(axesOf(attributes, x!.shape.length, 'dims'))], typed(x!)),
};
