import { DirectoryArtifactStore } from '@probity/connections/store/directory-artifact-store';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { measureRanges } from '@probity/training/inference/committee-ranges';
import { loadEnsemble } from '@probity/worker-gpu/jobs/loaded-ensemble';
import type { JobContext } from '@probity/worker-gpu/jobs/job-context';
import { sweepJob } from '@probity/worker-gpu/jobs/sweep-job';
import { answerLines, peakMemory } from '../answer-lines.js';
import { CLASS_COUNT } from '../benchmark-network.js';
import { syntheticBatch } from '../synthetic-batch.js';
import { oneMemberSpec, sweepSpec, writeSweepCampaign, type SweepInputs } from './sweep-campaign.js';

/**
 * A job process that sweeps, over the wire of the benches: load {folder, networks, precision, threads, shards, itemsPerShard, slot, slots},
 * sweep → {milliseconds} of one whole shard, bare → {milliseconds} of the same ensemble on as many prepared images.
 */
interface Loaded {
  readonly context: JobContext;
  readonly inputs: SweepInputs;
  readonly itemsPerShard: number;
  /** As many prepared images as a shard has. */
  readonly images: Float32Array;
  /** The shards of a job that sweeps beside others: every so many-th from its own. */
  nextShard: number;
  readonly slots: number;
}

let loaded: Loaded | undefined;

await answerLines({
  load: async ({ folder, networks, precision, threads, shards, itemsPerShard, slot, slots }) => {
    const store = await DirectoryArtifactStore.open(String(folder));
    const counts = { shards: Number(shards), itemsPerShard: Number(itemsPerShard) };
    const engine = await createOnnxEngine({ threads: Number(threads) });
    const spec = networks === 'one' ? oneMemberSpec() : sweepSpec();
    const { images } = syntheticBatch(
      { ...spec, training: { ...spec.training, batchSize: counts.itemsPerShard } },
      'disks',
    );
    const items = { ...spec.input, images, ids: Array.from({ length: counts.itemsPerShard }, (_, i) => String(i)) };
    const { batchSize } = spec.training;
    const rangesOf = (members: readonly Float32Array[]) =>
      measureRanges({ model: spec.model, items, classCount: CLASS_COUNT, members, batchSize, engine });
    const inputs = await writeSweepCampaign(store, { spec, ...counts }, precision === 'int8' ? rangesOf : undefined);
    const trainingEngine = () => Promise.resolve({ engine });
    const context = { store, engine, trainingEngine, report: () => undefined, log: () => undefined, batchParts: 1 };
    loaded = {
      context,
      inputs,
      itemsPerShard: counts.itemsPerShard,
      images,
      nextShard: Number(slot),
      slots: Number(slots),
    };
    return {};
  },
  sweep: async () => {
    const current = requireLoaded();
    const began = performance.now();
    const { reused, itemCount } = await sweepJob({ ...current.inputs, shard: current.nextShard }, current.context);
    current.nextShard += current.slots;
    if (reused || itemCount !== current.itemsPerShard) throw new Error('Bug: the shard was not swept whole');
    return { milliseconds: performance.now() - began };
  },
  bare: async () => {
    const { inputs, context, images, itemsPerShard } = requireLoaded();
    const { predictor } = await loadEnsemble({ ...inputs, classCount: CLASS_COUNT, isJudged: false }, context);
    const began = performance.now();
    await predictor.predict(images, itemsPerShard);
    return { milliseconds: performance.now() - began };
  },
  memory: () => Promise.resolve(peakMemory()),
});

function requireLoaded(): Loaded {
  if (!loaded) throw new Error('Bug: nothing is loaded');
  return loaded;
}
