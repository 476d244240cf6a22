import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import type { OnnxDevice } from '@probity/training/engine/onnx/device';
import { answerLines, peakMemory } from '../answer-lines.js';
import { sweepSpec } from '../inference/sweep-campaign.js';
import { TimedExecutables } from '../inference/timed-executables.js';
import { untrainedEnsemble } from '../inference/untrained-ensemble.js';
import { syntheticBatch } from '../synthetic-batch.js';

/**
 * All members of a sweep over one batch, in a process of its own: load {device, tools, baseWidth, threads}; predict →
 * {milliseconds}, memory.
 */
const executables = new TimedExecutables();
let images = new Float32Array();

await answerLines({
  load: async ({ device, tools, baseWidth, threads }) => {
    const spec = sweepSpec(Number(baseWidth));
    images = Float32Array.from(syntheticBatch(spec, 'disks').images);
    const engine = await createOnnxEngine({
      threads: Number(threads),
      device: device as OnnxDevice,
      tools: String(tools),
    });
    executables.add('ensemble', await engine.compile(untrainedEnsemble(spec, 'apart')));
    return { engine: engine.name };
  },
  predict: () => executables.time('ensemble', images),
  memory: () => Promise.resolve(peakMemory()),
});
