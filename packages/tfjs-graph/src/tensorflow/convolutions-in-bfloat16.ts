import type { TensorFlowBuilder, TensorFlowForm } from '../operation.js';

/** Whose products take most of a training step's time, and whose sums bear rounded factors. */
const CONVOLUTIONS: ReadonlySet<string> = new Set(['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter']);

/** Whether an operation has a form in bfloat16. */
export const isConvolution = (operation: string): boolean => CONVOLUTIONS.has(operation);

/**
 * A convolution or one of its gradients whose factors and sums are rounded to bfloat16 (8 bits of mantissa, the exponents of
 * float32); the library adds up in float32. Its inputs and its output stay float32 for everything around it.
 */
export const inBfloat16 =
  (form: TensorFlowForm): TensorFlowForm =>
  (node, tensorFlow, inputs) => {
    const rounded = inputs.map((name) =>
      tensorFlow.emit('Cast', [name], { SrcT: { type: 'float32' }, DstT: { type: 'bfloat16' } }),
    );
    const result = form(node, typedBfloat16(tensorFlow), rounded);
    return tensorFlow.emit('Cast', [result].flat(), { SrcT: { type: 'bfloat16' }, DstT: { type: 'float32' } });
  };

/** Emits every operation for numbers in bfloat16. */
const typedBfloat16 = (tensorFlow: TensorFlowBuilder): TensorFlowBuilder => ({
  emit: (type, inputs, attributes) => tensorFlow.emit(type, inputs, { ...attributes, T: { type: 'bfloat16' } }),
  emitMany: (type, inputs, { attributes, outputCount }) =>
    tensorFlow.emitMany(type, inputs, { attributes: { ...attributes, T: { type: 'bfloat16' } }, outputCount }),
  constant: (data, shape) => tensorFlow.constant(data, shape),
  integers: (values) => tensorFlow.integers(values),
  scalar: (value, dtype) => tensorFlow.scalar(value, dtype),
});
