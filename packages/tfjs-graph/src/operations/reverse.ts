import { axesOf } from '../attributes.js';
import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { standingLayout } from './families/layout.js';
import { typed } from './families/typed.js';

/** Below every axis: the end of a part that is read backwards to its first element. */
const BEFORE_FIRST = -2_147_483_647;

/** Some axes read backwards: how an image is mirrored. */
export const reverse: Operation = {
  kernel: 'Reverse',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => {
    const [input, output] = [node.inputs[0]!, node.outputs[0]!];
    const axes = axesOf(node.attributes, input.shape.length, 'dims');
    const { layout, axis } = standingLayout(input, onnx);
    const all = (value: number) => onnx.integers(axes.map(() => value));
    if (axes.length === 0) onnx.write(output, onnx.emit('Identity', [onnx.read(input, layout)]), layout);
    else
      onnx.write(
        output,
        onnx.emit('Slice', [
          onnx.read(input, layout),
          all(-1),
          all(BEFORE_FIRST),
          onnx.integers(axes.map(axis)),
          all(-1),
        ]),
        layout,
      );
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) =>
    tensorFlow.emit('ReverseV2', [input!, tensorFlow.integers(axesOf(attributes, x!.shape.length, 'dims'))], typed(x!)),
};
