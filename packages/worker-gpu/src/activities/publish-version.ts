import { campaignVersionKey } from '@probity/core/artifacts/keys';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema } from '@probity/core/schemas/dataset-version';
import {
  calibrationSchema,
  campaignPlanSchema,
  refListSchema,
  selectedShardSchema,
} from '@probity/core/schemas/round-artifacts';
import { publishVersionRequestSchema } from '@probity/core/schemas/steps';
import { hashJson } from '@probity/connections/hash';
import { ledgerRows } from '@probity/datasets/ledger/ledger-rows';
import { writeLedger } from '@probity/datasets/ledger/write-ledger';
import { mapLimited } from '@probity/datasets/map-limited';
import { composeVersion } from '@probity/datasets/versions/compose-version';
import { z } from 'zod';
import { asActivity } from './as-activity.js';
import { once, readJson } from './once.js';

const publishResultSchema = z.object({ version: artifactRefSchema, labelCount: z.int() });

const READS_AT_ONCE = 16;

/** Puts human and accepted machine labels together as the round's version of the data set, with its ledger. */
export const publishVersion = (store: ArtifactStore) =>
  asActivity(publishVersionRequestSchema, async (request, { signal }) => {
    const { campaignId, spec, round } = request;
    const digests = {
      plan: request.plan.sha256,
      selections: request.selections.map(({ sha256 }) => sha256),
      calibration: request.calibration.sha256,
      models: request.models.map(({ sha256 }) => sha256),
    };
    const result = await once(
      {
        store,
        step: 'publish-version',
        version: 1,
        inputs: { ...digests, campaignId, round, selection: spec.selection },
        schema: publishResultSchema,
        signal,
      },
      async ({ put, putJson }) => {
        const plan = await readJson(store, request.plan, campaignPlanSchema);
        const dataset = await readJson(store, plan.dataset, datasetVersionSchema);
        const { thresholds } = await readJson(store, request.calibration, calibrationSchema);
        const lists = await mapLimited(request.selections, READS_AT_ONCE, (ref) => readJson(store, ref, refListSchema));
        const shards = await mapLimited(
          lists.flatMap(({ refs }) => refs),
          READS_AT_ONCE,
          (ref) => readJson(store, ref, selectedShardSchema),
        );
        const version = composeVersion({ dataset, plan, shards, campaignId, round });
        const modelHash = hashJson([digests.models, digests.calibration]);
        const rows = ledgerRows(version, { campaignId, modelHash, thresholds, selection: spec.selection });
        const ledger = await put('ledger.parquet', await writeLedger(rows));
        return { version: await putJson('version.json', { ...version, ledger }), labelCount: rows.length };
      },
    );
    // The name by which people ask for it. Written on every run, since a result may be older than this campaign.
    await store.put(
      campaignVersionKey({ datasetName: spec.dataset, campaignId, round }),
      await store.get(result.version),
    );
    return result;
  });
