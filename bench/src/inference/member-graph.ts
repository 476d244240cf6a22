import type { Graph } from '@probity/tfjs-graph/graph';
import { committeeGraph } from '@probity/training/inference/committee';
import { benchmarkSpec, CLASS_COUNT } from '../benchmark-network.js';

/** One member over one batch of prepared images, as a campaign predicts with it. */
export function memberGraph(weights: Float32Array, spec = benchmarkSpec()): Graph {
  const { model, input, training } = spec;
  return committeeGraph({
    model,
    items: input,
    classCount: CLASS_COUNT,
    members: [weights],
    batchSize: training.batchSize,
  });
}
