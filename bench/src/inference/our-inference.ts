import { readFile } from 'node:fs/promises';
import type { Executable } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { answerLines, peakMemory } from '../answer-lines.js';
import { benchmarkSpec } from '../benchmark-network.js';
import { syntheticBatch } from '../synthetic-batch.js';
import { memberGraph } from './member-graph.js';

/** Our inference of one batch in a process of its own: load {weights, threads}, predict → {milliseconds}, memory. */
const spec = benchmarkSpec();
const { images } = syntheticBatch(spec, 'disks');
let member: Executable | undefined;

await answerLines({
  load: async ({ weights, threads }) => {
    const engine = await createOnnxEngine({ threads: Number(threads) });
    member = await engine.compile(
      memberGraph(new Float32Array(Uint8Array.from(await readFile(String(weights))).buffer)),
    );
    return {};
  },
  predict: async () => {
    if (!member) throw new Error('Bug: nothing is loaded');
    const began = performance.now();
    await member.run({ images });
    return { milliseconds: performance.now() - began };
  },
  memory: () => Promise.resolve(peakMemory()),
});
