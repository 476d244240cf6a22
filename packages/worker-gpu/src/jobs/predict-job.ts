import { collectEvidence } from '@probity/core/ensemble/collect-evidence';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema } from '@probity/core/schemas/dataset-version';
import {
  campaignPlanSchema,
  trainedFoldSchema,
  type ItemEvidence,
  type OutOfFold,
} from '@probity/core/schemas/round-artifacts';
import type { PredictOutOfFoldRequest, PredictOutOfFoldResult, JobAnswer } from '@probity/core/schemas/steps';
import { createCommittee } from '@probity/training/inference/committee';
import { z } from 'zod';
import { once, readJson } from '../activities/once.js';
import type { JobContext } from './run-job.js';
import { readWeights } from './train-job.js';
import { heldOutOf, readItems } from './training-items.js';

const predictResultSchema = z.object({ evidence: artifactRefSchema, itemCount: z.int() });

/** Lets a committee predict the labelled items of the groups that it never saw. */
export async function predictJob(
  request: PredictOutOfFoldRequest,
  { store, engine, report }: JobContext,
): Promise<JobAnswer<PredictOutOfFoldResult>> {
  const { spec, round, fold } = request;
  const plan = await readJson(store, request.plan, campaignPlanSchema);
  const inputs = {
    packs: request.packs.sha256,
    folds: plan.folds.sha256,
    fold,
    model: request.model.sha256,
    network: spec.model,
  };
  return once(
    { store, step: 'predict-out-of-fold', version: 1, inputs, schema: predictResultSchema },
    async ({ putJson }) => {
      const { classes } = await readJson(store, plan.dataset, datasetVersionSchema);
      const model = await readJson(store, request.model, trainedFoldSchema);
      const members = await Promise.all(model.members.map(({ weights }) => readWeights(store, weights)));
      const items = await readItems(store, request.packs, heldOutOf(plan, fold));
      const committee = await createCommittee({
        model: spec.model,
        items,
        classCount: classes.length,
        members,
        batchSize: spec.training.batchSize,
        engine,
      });
      const began = performance.now();
      const evidence: ItemEvidence[] = [];
      const count = items.ids.length;
      const [imageSize, labelSize] = [items.images.length / count, items.labels.length / count];
      const { batchSize } = spec.training;
      for (let first = 0; first < count; first += batchSize) {
        const filled = Math.min(batchSize, count - first);
        const predictions = await committee.predict(
          items.images.subarray(first * imageSize, (first + filled) * imageSize),
          filled,
        );
        predictions.forEach((prediction, position) => {
          const i = first + position;
          const labels = items.labels.subarray(i * labelSize, (i + 1) * labelSize);
          evidence.push(
            collectEvidence({
              id: items.ids[i]!,
              group: items.groups[i]!,
              fold,
              ...prediction,
              labels,
              memberCount: members.length,
              classCount: classes.length,
            }),
          );
        });
        const done = first + filled;
        report({
          job: 'predict',
          round,
          fold,
          done,
          total: count,
          unit: 'items',
          perSecond: (done * 1000) / (performance.now() - began),
        });
      }
      await committee.dispose();
      const outOfFold: OutOfFold = { schemaVersion: 1, fold, memberCount: members.length, items: evidence };
      return { evidence: await putJson('evidence.json', outOfFold), itemCount: count };
    },
  );
}
