import { histogramOf } from '@probity/core/pseudo-labels/probability-levels';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import type { SweptShard } from '@probity/core/schemas/round-artifacts';
import type { SweepShardRequest, SweepShardResult, JobAnswer } from '@probity/core/schemas/steps';
import { encodeGreyPng } from '@probity/datasets/images/encode-png';
import { z } from 'zod';
import { once } from '../activities/once.js';
import { readCampaign } from './known-campaign.js';
import { loadEnsemble } from './loaded-ensemble.js';
import { predictItems, type ItemPrediction } from './predict-items.js';
import type { JobContext } from './job-context.js';

const sweepResultSchema = z.object({
  predictions: artifactRefSchema,
  itemCount: z.int(),
  setAsideCount: z.int(),
  leftEarlyCount: z.int().optional(),
});

/** Predicts one shard of the pool with the whole, calibrated ensemble. */
export async function sweepJob(request: SweepShardRequest, context: JobContext): Promise<JobAnswer<SweepShardResult>> {
  const { spec, round, shard, models, calibration } = request;
  const { store, engine, report, log } = context;
  const campaign = await readCampaign(store, request.plan);
  const items = campaign.plan.shards[shard]!.map(campaign.item);
  const inputs = {
    items: items.map(({ id, image }) => [id, image.sha256]),
    models: models.map(({ sha256 }) => sha256),
    calibration: calibration.sha256,
    network: spec.model,
    input: spec.input,
    engine: engine.name,
  };
  return once(
    { store, step: 'sweep-shard', version: 1, inputs, schema: sweepResultSchema },
    async ({ put, putJson }) => {
      const loaded = await loadEnsemble(
        { spec, models, calibration, classCount: campaign.classes.length, isJudged: false },
        context,
      );
      const predictions: SweptShard['items'] = [];
      let leftEarlyCount = 0;
      const write = async ({ item, height, width, probabilities, leftEarly }: ItemPrediction) => {
        if (leftEarly) leftEarlyCount++;
        const place = predictions.length; // the item's place is taken before anything is awaited: writing overlaps
        predictions.push({ id: item.id, probabilities: [], histograms: probabilities.map(histogramOf) });
        if (spec.model.kind === 'classifier') {
          const shares = probabilities.map(([level]) => level! / 255);
          predictions[place] = {
            ...predictions[place]!,
            classProbabilities: [Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0)), ...shares],
          };
          return;
        }
        const name = String(place).padStart(5, '0');
        const maps = probabilities.map(async (levels, c) =>
          put(`${name}-${c + 1}.png`, await encodeGreyPng(levels, { height, width })),
        );
        predictions[place] = { ...predictions[place]!, probabilities: await Promise.all(maps) };
      };
      const began = performance.now();
      const onProgress = (done: number) =>
        report({
          job: 'sweep',
          round,
          shard,
          done,
          total: items.length,
          unit: 'items',
          perSecond: (done * 1000) / (performance.now() - began),
        });
      const setAside = await predictItems({ items, spec, loaded, context, onPrediction: write, onProgress });
      if (spec.inference.earlyExit)
        log(`Round ${round}, shard ${shard}: ${leftEarlyCount} of ${predictions.length} items left early`);
      const swept: SweptShard = { schemaVersion: 1, shard, items: predictions, setAside };
      return {
        predictions: await putJson('predictions.json', swept),
        itemCount: predictions.length,
        setAsideCount: setAside.length,
        ...(spec.inference.earlyExit && { leftEarlyCount }),
      };
    },
  );
}
