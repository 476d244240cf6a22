/** Into how many parts the folds of a round cut their batches; one entry a fold, 1: whole batches. */
export interface RoundBatchParts {
  readonly round: number;
  readonly batchParts: readonly number[];
}

/**
 * Sentences about folds whose batches a device's memory did not hold: what they came to agrees with whole batches to rounding
 * only, as between engines.
 */
export function memoryRemarks(rounds: readonly RoundBatchParts[]): string[] {
  return rounds.flatMap(({ round, batchParts }) =>
    [...new Set(batchParts)]
      .filter((parts) => parts > 1)
      .toSorted((a, b) => a - b)
      .map((parts) => {
        const folds = batchParts.flatMap((own, fold) => (own === parts ? [fold] : []));
        const named = folds.length === 1 ? `fold ${folds[0]}` : `folds ${folds.join(', ')}`;
        return `${named} of round ${round} trained with batches cut into ${parts} parts, since the memory did not hold whole ones: the same result to rounding, in more time`;
      }),
  );
}
