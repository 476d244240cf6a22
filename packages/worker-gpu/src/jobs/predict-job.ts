import { collectEvidence } from '@probity/core/ensemble/collect-evidence';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import { type ItemEvidence, type OutOfFold } from '@probity/core/schemas/round-artifacts';
import { trainedFoldSchema } from '@probity/core/schemas/trained-networks';
import type { JobAnswer, PredictOutOfFoldRequest, PredictOutOfFoldResult } from '@probity/core/schemas/steps';
import { imagesOfPart } from '@probity/training/batch-parts';
import { createCommittee, type Committee, type CommitteeRequest } from '@probity/training/inference/committee';
import { measureRanges } from '@probity/training/inference/committee-ranges';
import { z } from 'zod';
import { once, readJson } from '../activities/once.js';
import { readCampaign } from './known-campaign.js';
import type { JobContext } from './job-context.js';
import { parameterCountOf, readWeights } from './trained-weights.js';
import { heldOutOf, readItems, trainsFold, type GroupedItems } from './training-items.js';

const predictResultSchema = z.object({ evidence: artifactRefSchema, itemCount: z.int() });

/** Lets a committee predict the labelled items of the groups that it never saw. */
export async function predictJob(
  request: PredictOutOfFoldRequest,
  { store, engine, report, log, batchParts }: JobContext,
): Promise<JobAnswer<PredictOutOfFoldResult>> {
  const { spec, round, fold } = request;
  const { plan, classes } = await readCampaign(store, request.plan);
  // Where the engine has no 8 bits, what is published says so by lacking them; float32 is then what counts.
  const inEightBits = spec.inference.precision === 'int8' && (await engine.hasEightBits());
  const inputs = {
    packs: request.packs.sha256,
    folds: plan.folds.sha256,
    classCount: classes.length,
    fold,
    model: request.model.sha256,
    network: spec.model,
    engine: engine.name,
    ...(inEightBits && { precision: spec.inference.precision }),
  };
  const step = { store, step: 'predict-out-of-fold', version: 1, inputs, schema: predictResultSchema } as const;
  return once(step, async ({ putJson }) => {
    const model = await readJson(store, request.model, trainedFoldSchema);
    const parameterCount = parameterCountOf(spec, classes.length);
    const members = await Promise.all(model.members.map(({ weights }) => readWeights(store, weights, parameterCount)));
    const items = await readItems(store, request.packs, heldOutOf(plan, fold));
    const batchSize = imagesOfPart(spec.training.batchSize, batchParts);
    const onBatchHalved = (images: number) =>
      log(`Round ${round}, fold ${fold}: the memory does not hold a batch; it predicts ${images} images at a time`);
    const shape = { memberCount: members.length, classCount: classes.length };
    const network = { model: spec.model, classCount: classes.length, members, batchSize, engine };
    const predict = async (precision: Pick<CommitteeRequest, 'ranges'> = {}): Promise<ItemEvidence[]> => {
      const committee = await createCommittee({ ...network, items, onBatchHalved, ...precision });
      const onProgress = (done: number, perSecond: number) =>
        report({ job: 'predict', round, fold, done, total: items.ids.length, unit: 'items', perSecond });
      try {
        return await collect(committee, { items, fold, batchSize, ...shape, onProgress });
      } finally {
        await committee.dispose();
      }
    };
    const evidence = await predict();
    const predictInEightBits = async () => {
      // Of images that the committee learnt from: its held-out items tell it nothing.
      const ranges = await measureRanges({
        ...network,
        items: await readItems(store, request.packs, trainsFold(plan, fold)),
      });
      return { ranges: await putJson('ranges.json', ranges), items: await predict({ ranges }) };
    };
    const eightBits = inEightBits && (await predictInEightBits());
    const outOfFold: OutOfFold = {
      schemaVersion: 1,
      fold,
      memberCount: members.length,
      items: evidence,
      ...(eightBits && { eightBits }),
    };
    return { evidence: await putJson('evidence.json', outOfFold), itemCount: evidence.length };
  });
}

interface Collecting {
  readonly items: GroupedItems;
  readonly fold: number;
  readonly batchSize: number;
  readonly memberCount: number;
  readonly classCount: number;
  readonly onProgress: (done: number, perSecond: number) => void;
}

async function collect(committee: Committee, { items, batchSize, onProgress, ...place }: Collecting) {
  const count = items.ids.length;
  const [imageSize, labelSize] = [items.images.length / count, items.labels.length / count];
  const evidence: ItemEvidence[] = [];
  const began = performance.now();
  for (let first = 0; first < count; first += batchSize) {
    const filled = Math.min(batchSize, count - first);
    const images = items.images.subarray(first * imageSize, (first + filled) * imageSize);
    for (const prediction of await committee.predict(images, filled)) {
      const i = evidence.length;
      const labels = items.labels.subarray(i * labelSize, (i + 1) * labelSize);
      evidence.push(collectEvidence({ id: items.ids[i]!, group: items.groups[i]!, labels, ...prediction, ...place }));
    }
    onProgress(evidence.length, (evidence.length * 1000) / (performance.now() - began));
  }
  return evidence;
}
