import type { TensorFlowComposite } from '../operation.js';
import { FLOATS } from '../operations/families/typed.js';

/** The first image where the second is positive, 0 elsewhere. */
export const reluGrad: TensorFlowComposite = {
  operation: 'ReluGrad',
  toTensorFlow: (_, tensorFlow, inputs) => tensorFlow.emit('ReluGrad', inputs, FLOATS),
};
