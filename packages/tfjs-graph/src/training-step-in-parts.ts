import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs';
import type { Graph } from './graph.js';
import { trace, type InputSpec, type TensorRecord } from './trace.js';
import { updateInputs, updateState, type UpdateSpec } from './training-step.js';

/** A loss of a whole batch that its parts can be added up to. */
export interface StepInPartsSpec extends UpdateSpec {
  /** Of a part of a batch: named sums over its images. The whole batch has the sums of its parts, added. */
  readonly sums: (weights: Tensor1D, part: TensorRecord) => TensorRecord;
  /** The loss of a whole batch, from the sums over all its images. Depends on every sum. */
  readonly lossOfSums: (sums: TensorRecord, part: TensorRecord) => Tensor;
  /** What `sums` and `lossOfSums` need besides, for one part. */
  readonly part: Readonly<Record<string, InputSpec>>;
}

export interface StepInParts {
  /** Inputs: `weights` and a part. Outputs: its sums. */
  readonly sums: Graph;
  /** Inputs: `weights`, a part, and `total_<sum>` of the whole batch. Outputs: `gradient` of the part, `loss` of the whole batch. */
  readonly gradient: Graph;
  /** Inputs: the state vectors, `learningRate`, `step`, and `gradient` of the whole batch. Outputs: `next_<state>`, `gradientNorm`. */
  readonly update: Graph;
}

/**
 * One training step as three graphs, for a device whose memory does not hold a whole batch: the sums of every part, then the
 * gradient of every part, then one update with the added gradients. It computes what `trainingStep` does, to rounding, for
 * about a third more work: the forward pass runs twice.
 *
 * A loss L that joins the images of a batch, as Dice does, is no mean over parts. But it is a function of sums S over images,
 * so by the chain rule dL/dw = Σ over parts of (dS_part/dw)ᵀ · dL/dS, and dL/dS needs the sums of the whole batch only.
 */
export function trainingStepInParts(spec: StepInPartsSpec): StepInParts {
  const vector: InputSpec = { shape: [spec.parameterCount], dtype: 'float32' };
  const inputs = { weights: vector, ...spec.part };
  const sums = trace((record) => spec.sums(record['weights'] as Tensor1D, record), inputs);
  const totals = sums.outputs.map(({ name, value: { shape } }): [string, InputSpec] => [
    `total_${name}`,
    { shape, dtype: 'float32' },
  ]);
  const names = sums.outputs.map(({ name }) => name);

  const gradient = trace(
    (record) => {
      const lossOf = (...values: Tensor[]) =>
        spec.lossOfSums(Object.fromEntries(names.map((name, i) => [name, values[i]!])), record) as Scalar;
      const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => record[`total_${name}`]!));
      const weighted = (weights: Tensor) => {
        const part = spec.sums(weights as Tensor1D, record);
        return tf.addN(names.map((name, i) => tf.sum(tf.mul(part[name]!, grads[i]!)))) as Scalar;
      };
      return { gradient: tf.grad(weighted)(record['weights']!), loss: value };
    },
    { ...inputs, ...Object.fromEntries(totals) },
  );
  const update = trace((record) => updateState(spec, record, record['gradient'] as Tensor1D), {
    ...updateInputs(spec),
    gradient: vector,
  });
  return { sums, gradient, update };
}
