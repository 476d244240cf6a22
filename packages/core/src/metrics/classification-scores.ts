import { requireInput } from '../errors.js';

export interface ClassificationScores {
  /** Share of samples whose class is right, 0 to 1. */
  readonly accuracy: number;
  /** Per class: 2·TP / (2·TP + FP + FN); `undefined` for a class that is neither predicted nor true. */
  readonly f1: readonly (number | undefined)[];
  /** Mean of `f1` over the classes that have one. */
  readonly f1Macro: number;
}

/**
 * Accuracy and F1 of class predictions.
 *
 * @param predictions Shape (samples,), class indices.
 * @param labels Shape (samples,), class indices.
 * @throws {ProbityError} `INVALID_INPUT` without samples, for shapes that disagree, or a class out of range.
 */
export function scoreClassification(
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  { classCount }: { classCount: number },
): ClassificationScores {
  requireInput(labels.length > 0, 'Cannot score classification: no samples');
  requireInput(
    predictions.length === labels.length,
    `Cannot score classification: ${predictions.length} predictions, ${labels.length} labels`,
  );
  const [hits, predicted, actual] = [0, 0, 0].map(() => new Float64Array(classCount)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < labels.length; i++) {
    const [prediction, label] = [predictions[i]!, labels[i]!];
    const isKnown = predicted[prediction] !== undefined && actual[label] !== undefined;
    requireInput(isKnown, `Cannot score classification: class ${prediction} or ${label} is not below ${classCount}`);
    predicted[prediction]! += 1;
    actual[label]! += 1;
    if (prediction === label) hits[label]! += 1;
  }
  const f1 = Array.from(hits, (hit, c) =>
    predicted[c]! + actual[c]! === 0 ? undefined : (2 * hit) / (predicted[c]! + actual[c]!),
  );
  const known = f1.filter((score) => score !== undefined);
  return {
    accuracy: hits.reduce((sum, hit) => sum + hit, 0) / labels.length,
    f1,
    f1Macro: known.reduce((sum, score) => sum + score, 0) / known.length,
  };
}
