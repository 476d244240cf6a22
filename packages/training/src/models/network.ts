import type { ParameterLayout } from '@probity/tfjs-graph/flat-parameters';
import { layParameters } from '@probity/tfjs-graph/flat-parameters';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape, ParameterLookup } from './network-shape.js';
import { classifierLogits, classifierParameters } from './classifier.js';
import { unetLogits, unetParameters } from './unet.js';

/** A network as data and a function: what it learns, and what it computes. */
export interface Network {
  readonly layout: ParameterLayout;
  /** Images of shape (n, height, width, channels) → logits of shape (n, h, w, classes); a classifier has h = w = 1. */
  readonly logits: (images: Tensor4D, parameter: ParameterLookup) => Tensor4D;
}

export function createNetwork(shape: NetworkShape): Network {
  return shape.model.kind === 'unet'
    ? {
        layout: layParameters(unetParameters(shape)),
        logits: (images, parameter) => unetLogits(shape, images, parameter),
      }
    : {
        layout: layParameters(classifierParameters(shape)),
        logits: (images, parameter) => classifierLogits(shape, images, parameter),
      };
}
