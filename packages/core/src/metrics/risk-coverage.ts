import { requireInput } from '../errors.js';

/**
 * Area under the risk-coverage curve: the mean, over all coverages 1/n … n/n, of the error rate among the most
 * confident samples. 0 (best) to 1; the error rate itself for a confidence that says nothing.
 *
 * Samples of equal confidence are taken together, each at the mean risk of every order they could come in, so that the
 * order of the samples does not matter. Cost: O(n log n).
 *
 * @param confidences Shape (samples,), higher is surer.
 * @param errors Shape (samples,), 1 where the prediction is wrong, else 0.
 * @throws {ProbityError} `INVALID_INPUT` without samples, for shapes that disagree, or a NaN.
 * @see Geifman and El-Yaniv 2017, Selective Classification for Deep Neural Networks, arXiv:1705.08500
 */
export function riskCoverageArea(confidences: ArrayLike<number>, errors: ArrayLike<number>): number {
  requireInput(confidences.length > 0, 'Cannot measure risk and coverage: no samples');
  requireInput(
    confidences.length === errors.length,
    `Cannot measure risk and coverage: ${confidences.length} confidences, ${errors.length} errors`,
  );
  const order = Uint32Array.from({ length: confidences.length }, (_, i) => i).sort(
    (a, b) => confidences[b]! - confidences[a]!,
  );
  let [area, errorsBefore] = [0, 0];
  for (let start = 0; start < order.length;) {
    const confidence = confidences[order[start]!]!;
    requireInput(!Number.isNaN(confidence), 'Cannot measure risk and coverage: a confidence is NaN');
    let end = start;
    let errorsHere = 0;
    for (; end < order.length && confidences[order[end]!] === confidence; end++) errorsHere += errors[order[end]!]!;
    const rate = errorsHere / (end - start);
    for (let taken = 1; taken <= end - start; taken++) area += (errorsBefore + taken * rate) / (start + taken);
    errorsBefore += errorsHere;
    start = end;
  }
  return area / order.length;
}
