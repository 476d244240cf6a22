import { datasetVersionSchema } from '@probity/core/schemas/dataset-version';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverTool } from '../servers/server-tool.js';
import { CampaignHome } from './campaign-home.js';
import { storeDiscDataset } from './disc-dataset.js';
import { SMALL_DATASET, smallSpec } from './small-campaign.js';

const temporal = await serverTool('temporal');

describe.skipIf(temporal === undefined)('a whole campaign', () => {
  let home: CampaignHome;
  beforeAll(async () => {
    home = await CampaignHome.start();
  });
  afterAll(async () => {
    await home.close();
  });

  it('runs round 0 and a pseudo-label round to the end', async () => {
    const store = await home.store();
    const dataset = await storeDiscDataset(store, SMALL_DATASET);
    const campaign = await home.startCampaign(smallSpec(), dataset);
    const state = await campaign.result();
    console.log(JSON.stringify(state, null, 1));
    expect(state).toMatchObject({ stage: 'finished', stopReason: 'rounds-max', round: 1 });
    const version = datasetVersionSchema.parse(JSON.parse(new TextDecoder().decode(await store.get(state.rounds[1]!.version))));
    expect(version.items.length).toBeGreaterThan(12);
  });
});
