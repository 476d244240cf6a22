import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { measureRanges } from '@probity/training/inference/committee-ranges';
import { answerLines, peakMemory } from '../answer-lines.js';
import { benchmarkSpec, benchmarkWeights, CLASS_COUNT } from '../benchmark-network.js';
import { syntheticBatch } from '../synthetic-batch.js';
import { memberGraph } from './member-graph.js';
import { TimedExecutables } from './timed-executables.js';

/**
 * One member in float32 and in 8 bits, in a process of its own: load {threads, baseWidth}; float32 and eightBits →
 * {milliseconds} of one batch; memory.
 */
const executables = new TimedExecutables();
const { images } = syntheticBatch(benchmarkSpec(), 'disks');

await answerLines({
  load: async ({ threads, baseWidth }) => {
    const engine = await createOnnxEngine({ threads: Number(threads) });
    const spec = benchmarkSpec(Number(baseWidth));
    const weights = benchmarkWeights(spec);
    const { model, input, training } = spec;
    const { batchSize } = training;
    const items = { ...input, images, ids: Array.from({ length: batchSize }, (_, i) => String(i)) };
    const ranges = await measureRanges({
      model,
      items,
      classCount: CLASS_COUNT,
      members: [weights],
      batchSize,
      engine,
    });
    const graph = memberGraph(weights, spec);
    executables.add('float32', await engine.compile(graph));
    executables.add('eightBits', await engine.compile(graph, { ranges }));
    return {};
  },
  float32: () => executables.time('float32', images),
  eightBits: () => executables.time('eightBits', images),
  memory: () => Promise.resolve(peakMemory()),
});
