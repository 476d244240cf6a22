/** Relative error in the Euclidean norm: |ours − reference| / |reference|. */
export function relativeError(ours: ArrayLike<number>, reference: Float64Array): number {
  if (ours.length !== reference.length) throw new Error(`Bug: ${ours.length} numbers against ${reference.length}`);
  let [difference, norm] = [0, 0];
  reference.forEach((value, i) => {
    difference += (ours[i]! - value) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(difference / norm);
}
