import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { answerLines, peakMemory } from '../answer-lines.js';
import { syntheticBatch } from '../synthetic-batch.js';
import { oneMemberSpec, sweepSpec } from './sweep-campaign.js';
import { TimedExecutables } from './timed-executables.js';
import { untrainedEnsemble } from './untrained-ensemble.js';

/**
 * Ensembles on prepared images, in a process of its own: load {threads}; member, ensemble and sharedEnsemble →
 * {milliseconds} of one batch through one network, through all of them, and through all of them where the members of a
 * fold have one encoder.
 */
const spec = sweepSpec();
const { images } = syntheticBatch(spec, 'disks');
const executables = new TimedExecutables();

await answerLines({
  load: async ({ threads }) => {
    const engine = await createOnnxEngine({ threads: Number(threads) });
    executables.add('member', await engine.compile(untrainedEnsemble(oneMemberSpec(), 'apart')));
    executables.add('ensemble', await engine.compile(untrainedEnsemble(spec, 'apart')));
    executables.add('sharedEnsemble', await engine.compile(untrainedEnsemble(spec, 'shared')));
    return {};
  },
  member: () => executables.time('member', images),
  ensemble: () => executables.time('ensemble', images),
  sharedEnsemble: () => executables.time('sharedEnsemble', images),
  memory: () => Promise.resolve(peakMemory()),
});
