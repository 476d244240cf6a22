/**
 * Weights that turn a row of `inputSize` pixels into one of `outputSize`: a triangle filter over half-pixel centres that
 * widens when the row shrinks, so that nothing aliases. The rows sum to 1.
 *
 * This is what Pillow calls BILINEAR; two such matrices resize an image. A constant matrix needs no resize operation,
 * runs the same in every runtime, and takes any pair of sizes.
 *
 * @returns Shape (outputSize, inputSize), row-major.
 * @throws {RangeError} where a size is not a positive whole number.
 */
export function resizeMatrix(inputSize: number, outputSize: number): Float32Array {
  for (const size of [inputSize, outputSize]) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`Cannot resize ${inputSize} pixels to ${outputSize}: sizes are whole numbers from 1`);
  }
  const scale = inputSize / outputSize;
  const reach = Math.max(scale, 1);
  const matrix = new Float32Array(outputSize * inputSize);
  for (let row = 0; row < outputSize; row++) {
    const centre = (row + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const last = Math.min(inputSize, Math.floor(centre + reach + 0.5));
    const weights = Array.from({ length: last - first }, (_, i) =>
      Math.max(0, 1 - Math.abs((first + i + 0.5 - centre) / reach)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, i) => {
      matrix[row * inputSize + first + i] = weight / total;
    });
  }
  return matrix;
}
