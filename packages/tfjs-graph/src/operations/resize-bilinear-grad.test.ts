import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { resizeCases } from '../testing/resize-cases.js';

describeOperation(
  'ResizeBilinearGrad',
  resizeCases(({ x, size, alignCorners, halfPixelCenters }) =>
    tf.image.resizeBilinear(x, size, alignCorners, halfPixelCenters),
  ).map((one) => ({ ...one, value: 'none' as const })),
);
