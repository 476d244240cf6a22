import { canonicalJson } from '@probity/core/artifacts/canonical-json';
import { campaignRecordKey } from '@probity/core/artifacts/keys';
import { divideDataset } from '@probity/core/folds/divide-dataset';
import { splitIntoShards } from '@probity/core/folds/split-into-shards';
import { hasCode, ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema, type DatasetVersion } from '@probity/core/schemas/dataset-version';
import type { CampaignPlan } from '@probity/core/schemas/round-artifacts';
import { openCampaignRequestSchema, type OpenCampaignRequest } from '@probity/core/schemas/steps';
import { hashJson } from '@probity/connections/hash';
import { z } from 'zod';
import { asActivity } from './as-activity.js';
import { once, readJson } from './once.js';

const openResultSchema = z.object({
  plan: artifactRefSchema,
  labelledCount: z.int(),
  testCount: z.int(),
  poolCount: z.int(),
  shardCount: z.int(),
  remarks: z.array(z.string()),
});

/** Splits the data set, freezes the folds and cuts the pool into shards, once and for all rounds. */
export const openCampaign = (store: ArtifactStore) =>
  asActivity(openCampaignRequestSchema, async ({ campaignId, spec, dataset: datasetRef }, { signal }) => {
    await requireOneCampaign(store, { campaignId, spec, dataset: datasetRef });
    const inputs = {
      dataset: datasetRef.sha256,
      task: spec.task,
      seed: spec.seed,
      split: spec.split,
      folds: spec.ensemble.folds,
      centre: spec.ensemble.centre,
      shardSize: spec.shardSize,
      thresholds: spec.selection.thresholds,
    };
    return once(
      { store, step: 'open-campaign', version: 1, inputs, schema: openResultSchema, signal },
      async ({ putJson }) => {
        const dataset = await readJson(store, datasetRef, datasetVersionSchema);
        const plan = makePlan({ spec, dataset: datasetRef }, dataset);
        return {
          plan: await putJson('plan.json', plan),
          labelledCount: plan.labelled.length,
          testCount: plan.test.length,
          poolCount: plan.shards.flat().length,
          shardCount: plan.shards.length,
          remarks: plan.folds.remarks,
        };
      },
    );
  });

/**
 * Versions are published under the campaign's id and never overwritten: a second campaign of that id would be refused
 * at the end of its first round. Temporal forgets ids after a while, the store does not.
 */
async function requireOneCampaign(
  store: ArtifactStore,
  { campaignId, spec, dataset }: OpenCampaignRequest,
): Promise<void> {
  const record = new TextEncoder().encode(canonicalJson({ spec, dataset: dataset.sha256 }));
  try {
    await store.put(campaignRecordKey(campaignId), record);
  } catch (error) {
    if (!hasCode(error, 'ARTIFACT_EXISTS')) throw error;
    const state = 'a campaign of that id began with another spec or data set. Start this one with another name or --id';
    throw new ProbityError('CAMPAIGN_EXISTS', `Cannot start campaign "${campaignId}": ${state}`, { cause: error });
  }
}

function makePlan(
  { spec, dataset: ref }: Pick<OpenCampaignRequest, 'spec' | 'dataset'>,
  dataset: DatasetVersion,
): CampaignPlan {
  const { split, folds } = divideDataset(spec, dataset);
  return {
    schemaVersion: 1,
    dataset: ref,
    labelled: split.labelled,
    test: split.test,
    shards: splitIntoShards(split.pool, spec.shardSize),
    folds: { ...folds, sha256: hashJson(folds.byGroup) },
  };
}
