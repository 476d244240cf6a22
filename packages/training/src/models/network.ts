import type { ParameterLayout } from '@probity/tfjs-graph/flat-parameters';
import { layParameters } from '@probity/tfjs-graph/flat-parameters';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape, ParameterLookup } from './network-shape.js';
import { classifierLogits, classifierParameters } from './classifier.js';
import { unetLogits, unetParameters } from './unet.js';

/** A network as data and a function: what it learns, and what it computes. */
export interface Network {
  readonly layout: ParameterLayout;
  /** The encoder's weights are so many at the beginning of the flat vector. */
  readonly encoderSize: number;
  /** Images of shape (n, height, width, channels) → logits of shape (n, h, w, classes); a classifier has h = w = 1. */
  readonly logits: (images: Tensor4D, parameter: ParameterLookup) => Tensor4D;
}

/** The way down, of either network. */
export const isOfEncoder = (parameter: string): boolean => parameter.startsWith('down-');

export function createNetwork(shape: NetworkShape): Network {
  const isUnet = shape.model.kind === 'unet';
  const layout = layParameters(isUnet ? unetParameters(shape) : classifierParameters(shape));
  const encoder = layout.parameters.filter(({ name }) => isOfEncoder(name));
  return {
    layout,
    encoderSize: encoder.reduce((sum, { size }) => sum + size, 0),
    logits: (images, parameter) =>
      isUnet ? unetLogits(shape, images, parameter) : classifierLogits(shape, images, parameter),
  };
}
