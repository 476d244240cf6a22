import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { resizeCases } from '../testing/resize-cases.js';

describeOperation(
  'ResizeNearestNeighbor',
  resizeCases(({ x, size, alignCorners, halfPixelCenters }) =>
    tf.image.resizeNearestNeighbor(x, size, alignCorners, halfPixelCenters),
  ).map((one) => ({ ...one, gradient: 'none' as const })),
);
