import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { ensembleGraph } from '@probity/training/inference/ensemble';
import { initialWeights } from '@probity/training/models/initial-weights';
import { createNetwork } from '@probity/training/models/network';
import { answerLines, peakMemory } from '../answer-lines.js';
import { CLASS_COUNT } from '../benchmark-network.js';
import { syntheticBatch } from '../synthetic-batch.js';
import { calibrationOf, sweepSpec } from './sweep-campaign.js';
import { TimedExecutables } from './timed-executables.js';

/**
 * Ensembles on prepared images, in a process of its own: load {threads}; member, ensemble and sharedEnsemble →
 * {milliseconds} of one batch through one network, through all of them, and through all of them where the members of a
 * fold have one encoder.
 */
const spec = sweepSpec();
const { images } = syntheticBatch(spec, 'disks');
const executables = new TimedExecutables();

/** One flat weight vector a member, untrained: as slow as trained ones. */
function committees(kind: 'apart' | 'shared', counts: { folds: number; members: number }): Float32Array[][] {
  const { layout, encoderSize } = createNetwork({
    model: spec.model,
    channels: spec.input.channels,
    classCount: CLASS_COUNT,
  });
  return Array.from({ length: counts.folds }, (_, fold) => {
    const trunk = initialWeights(layout, spec.seed, fold);
    return Array.from({ length: counts.members }, (_, member) =>
      initialWeights(layout, member + 1, fold).map((weight, i) =>
        kind === 'shared' && i < encoderSize ? trunk[i]! : weight,
      ),
    );
  });
}

const { folds, operatingPoints } = spec.ensemble;
const whole = { folds, members: operatingPoints.length };
const one = { ...spec, ensemble: { ...spec.ensemble, folds: 1, operatingPoints: [0] } };

await answerLines({
  load: async ({ threads }) => {
    const engine = await createOnnxEngine({ threads: Number(threads) });
    const compile = (from: typeof spec, members: Float32Array[][]) =>
      engine.compile(
        ensembleGraph(
          {
            model: spec.model,
            input: spec.input,
            classCount: CLASS_COUNT,
            committees: members,
            calibration: calibrationOf(from),
          },
          spec.training.batchSize,
        ),
      );
    executables.add('member', await compile(one, committees('apart', { folds: 1, members: 1 })));
    executables.add('ensemble', await compile(spec, committees('apart', whole)));
    executables.add('sharedEnsemble', await compile(spec, committees('shared', whole)));
    return {};
  },
  member: () => executables.time('member', images),
  ensemble: () => executables.time('ensemble', images),
  sharedEnsemble: () => executables.time('sharedEnsemble', images),
  memory: () => Promise.resolve(peakMemory()),
});
