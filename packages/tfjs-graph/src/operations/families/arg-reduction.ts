import { ELEMENT_TYPES } from '../../onnx/element-types.js';
import type { Operation } from '../../operation.js';
import { axisOf, standingLayout } from './layout.js';
import { typed } from './typed.js';

export function argReduction(kernel: 'ArgMax' | 'ArgMin'): Operation {
  return {
    kernel,
    inputs: ['x'],
    infer: ({ inputs: [x], attributes }) => {
      const along = axisOf(attributes, x!.shape.length);
      return [{ shape: x!.shape.filter((_, axis) => axis !== along), dtype: 'int32' }];
    },
    toOnnx: (node, onnx) => {
      const input = node.inputs[0]!;
      const along = axisOf(node.attributes, input.shape.length);
      // Without its channels an image lies the same in both orders; without another axis it does not.
      const { layout, axis } =
        along === 3 ? standingLayout(input, onnx) : { layout: 'logical' as const, axis: (logical: number) => logical };
      const index = onnx.emit(kernel, [onnx.read(input, layout)], { axis: axis(along), keepdims: 0 });
      onnx.write(node.outputs[0]!, onnx.emit('Cast', [index], { to: ELEMENT_TYPES.int32 }));
    },
    toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) =>
      tensorFlow.emit(kernel, [input!, tensorFlow.scalar(axisOf(attributes, x!.shape.length), 'int32')], {
        ...typed(x!),
        output_type: { type: 'int32' },
      }),
  };
}
