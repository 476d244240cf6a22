import { numberOf } from '../../attributes.js';
import { GraphError, type Attributes } from '../../graph.js';
import type { OnnxBuilder, TensorFlowBuilder } from '../../operation.js';
import { FLOATS } from './typed.js';

const KNOWN = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;
type Activation = (typeof KNOWN)[number];

/** The activation a fused kernel ends with; none is `linear`. */
export function activationOf(attributes: Attributes): Activation {
  const wanted = attributes['activation'] ?? 'linear';
  const known = KNOWN.find((name) => name === wanted);
  if (known) return known;
  throw new GraphError(
    'OPERATION_UNSUPPORTED',
    `Cannot trace a fused operation with activation "${String(wanted)}": call the activation by itself`,
  );
}

export function writeActivation(name: string, attributes: Attributes, onnx: OnnxBuilder): string {
  switch (activationOf(attributes)) {
    case 'linear':
      return name;
    case 'relu':
      return onnx.emit('Relu', [name]);
    case 'relu6':
      return onnx.emit('Clip', [name, onnx.scalar(0), onnx.scalar(6)]);
    case 'elu':
      return onnx.emit('Elu', [name]);
    case 'sigmoid':
      return onnx.emit('Sigmoid', [name]);
    case 'leakyrelu':
      return onnx.emit('LeakyRelu', [name], { alpha: { float: numberOf(attributes, 'leakyreluAlpha', 0.2) } });
  }
}

const ACTIVATIONS_IN_TENSORFLOW = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
} as const;

export function activationInTensorFlow(name: string, attributes: Attributes, tensorFlow: TensorFlowBuilder): string {
  const activation = activationOf(attributes);
  if (activation === 'linear') return name;
  const alpha = { alpha: { float: numberOf(attributes, 'leakyreluAlpha', 0.2) } };
  return tensorFlow.emit(ACTIVATIONS_IN_TENSORFLOW[activation], [name], {
    ...FLOATS,
    ...(activation === 'leakyrelu' && alpha),
  });
}
