import type { InputSpec, TensorRecord } from '@probity/tfjs-graph/trace';
import type { Scalar, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { PreparedImages } from '../items.js';
import { distillationLossOf, distillationSums, type DistillationSums } from './distillation-loss.js';
import { lossSums, operatingPointLossOf, type LossSums } from './operating-point-loss.js';

/** What a network's logits are compared with, and how. */
export interface Lesson {
  /** Inputs of a step besides its images. */
  readonly inputsOf: (imageCount: number) => Readonly<Record<string, InputSpec>>;
  /** What the loss is made of; sums of a batch are those of its parts, added. */
  readonly sums: (logits: Tensor4D, batch: TensorRecord) => TensorRecord;
  readonly lossOf: (sums: TensorRecord, batch: TensorRecord) => Scalar;
}

type Size = Pick<PreparedImages, 'labelHeight' | 'labelWidth'> & { readonly classCount: number };

/** A member's: labels, at an operating point. */
export const lessonFromLabels = ({ labelHeight, labelWidth, classCount }: Size): Lesson => ({
  inputsOf: (imageCount) => ({
    labels: { shape: [imageCount, labelHeight, labelWidth], dtype: 'int32' },
    operatingPoint: { shape: [classCount - 1], dtype: 'float32' },
  }),
  sums: (logits, { labels, operatingPoint }) => ({
    ...lossSums({ logits, labels: labels as Tensor3D, operatingPoint: operatingPoint as Tensor1D }),
  }),
  lossOf: (sums, { operatingPoint }) =>
    operatingPointLossOf(sums as TensorRecord & LossSums, operatingPoint as Tensor1D),
});

/** A student's: the probability of every class. */
export const lessonFromProbabilities = ({ labelHeight, labelWidth, classCount }: Size): Lesson => ({
  inputsOf: (imageCount) => ({
    targets: { shape: [imageCount, labelHeight, labelWidth, classCount], dtype: 'float32' },
  }),
  sums: (logits, { targets }) => ({ ...distillationSums({ logits, targets: targets as Tensor4D }) }),
  lossOf: (sums) => distillationLossOf(sums as TensorRecord & DistillationSums),
});
