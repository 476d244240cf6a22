import { createRandom } from '@probity/core/numerics/random';
import type { ParameterLayout } from '@probity/tfjs-graph/flat-parameters';

/**
 * Seeded initial weights: filters normal with variance 2 / fan-in (He et al. 2015, arXiv 1502.01852), gains 1, biases 0.
 * Each parameter draws from a stream of its own name, so a changed layer leaves the others as they were.
 */
export function initialWeights(layout: ParameterLayout, seed: number, fold: number | 'student'): Float32Array {
  const weights = new Float32Array(layout.parameterCount);
  for (const { name, shape, offset, size } of layout.parameters) {
    if (name.endsWith('/gain')) weights.fill(1, offset, offset + size);
    if (!name.endsWith('/filter')) continue;
    const random = createRandom(seed, 'initial-weights', fold, name);
    const fanIn = shape.slice(0, -1).reduce((product, length) => product * length, 1);
    const deviation = Math.sqrt(2 / fanIn);
    for (let i = 0; i < size; i++) weights[offset + i] = random.normal() * deviation;
  }
  return weights;
}
