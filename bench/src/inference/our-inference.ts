import { readFile } from 'node:fs/promises';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { floatsFrom } from '@probity/training/float-bytes';
import { answerLines, peakMemory } from '../answer-lines.js';
import { benchmarkSpec } from '../benchmark-network.js';
import { syntheticBatch } from '../synthetic-batch.js';
import { memberGraph } from './member-graph.js';
import { TimedExecutables } from './timed-executables.js';

/** Our inference of one batch in a process of its own: load {weights, threads}, predict → {milliseconds}, memory. */
const spec = benchmarkSpec();
const { images } = syntheticBatch(spec, 'disks');
const executables = new TimedExecutables();

await answerLines({
  load: async ({ weights, threads }) => {
    const engine = await createOnnxEngine({ threads: Number(threads) });
    executables.add('member', await engine.compile(memberGraph(floatsFrom(await readFile(String(weights))))));
    return {};
  },
  predict: () => executables.time('member', images),
  memory: () => Promise.resolve(peakMemory()),
});
