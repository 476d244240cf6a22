import { importedVersionKey } from '@probity/core/artifacts/keys';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { DatasetItem, DatasetVersion } from '@probity/core/schemas/dataset-version';
import { campaignPlanSchema } from '@probity/core/schemas/round-artifacts';
import { readVersion } from '@probity/datasets/versions/read-version';
import { importSquares } from '@probity/worker-gpu/testing/squares-dataset';
import { tinySpec } from '@probity/worker-gpu/testing/tiny-spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverTool } from '../servers/server-tool.js';
import { openTestStack, resultOf, type TestStack } from './support/test-stack.js';
import { finishedMembers } from './support/training-in-store.js';

const temporal = await serverTool('temporal');
const squares = { groupCount: 8, itemsPerGroup: 3 };
/** Decay alone multiplies each weight by −9 a step. */
const ruinous = {
  ...tinySpec().training,
  optimiser: { kind: 'sgd', momentum: 0, weightDecay: 1 },
  learningRate: 10,
  warmupSteps: 0,
} as const;
const roundZeroOnly = { rounds: { max: 0, stopWhenWorseBy: 1 } };

describe.skipIf(temporal === undefined)('a campaign that cannot run as it was written', () => {
  let stack: TestStack;
  let dataset: ArtifactRef;
  beforeAll(async () => {
    stack = await openTestStack();
    dataset = await importSquares(stack.store, squares);
  });
  afterAll(() => stack?.close());

  it.each([
    {
      what: 'fewer groups than folds',
      code: 'SPLIT_IMPOSSIBLE',
      spec: tinySpec({ split: { labelled: 3, test: 2 }, ensemble: { ...tinySpec().ensemble, folds: 4 } }),
      message: 'Cannot split 3 labelled groups into 4 folds',
    },
    {
      what: 'an empty pool',
      code: 'POOL_EMPTY',
      spec: tinySpec({ split: { labelled: 6, test: 2 } }),
      message: 'no items are left for the pool',
    },
    {
      what: 'a promise that so few groups cannot keep',
      code: 'PROMISE_IMPOSSIBLE',
      spec: tinySpec({ selection: { ...tinySpec().selection, thresholds: { kind: 'error', errorMax: 0.05 } } }),
      message: 'with 4 labelled groups',
    },
    {
      what: 'a task that the labels are not for',
      code: 'SPEC_INVALID',
      spec: tinySpec({
        task: 'classification',
        model: { kind: 'classifier', baseWidth: 4, depth: 2, normalisation: 'none' },
      }),
      message: 'its labels are for segmentation',
    },
    {
      what: 'a learning rate at which every weight grows without end',
      code: 'TRAINING_DIVERGED',
      spec: tinySpec({ training: ruinous }),
      message: 'Cannot train fold',
    },
  ])('fails at once for $what, with $code as its reason', async ({ code, spec, message }) => {
    const campaign = await stack.startCampaign({ ...spec, name: code.toLowerCase().replaceAll('_', '-') }, dataset);
    await expect(campaign.result()).rejects.toMatchObject({
      cause: { type: code, message: expect.stringContaining(message) },
    });
    expect(await finishedMembers(stack.store)).toEqual([]);
  });

  it('fails at once under an id that stands for another campaign', async () => {
    const ruined = tinySpec({ training: ruinous, name: 'taken' });
    await expect((await stack.startCampaign(ruined, dataset)).result()).rejects.toThrow();
    const other = await stack.startCampaign({ ...ruined, seed: 12 }, dataset);
    await expect(other.result()).rejects.toMatchObject({ cause: { type: 'CAMPAIGN_EXISTS' } });
  });

  it('goes on without an image of the pool that is lost, and lists it', async () => {
    const { items } = await readVersion(stack.store, dataset);
    const lost = items.find(({ group }) => group === 'group-05')!;
    await stack.store.delete(lost.image.key);
    const split = { labelled: ['group-00', 'group-01', 'group-02'], test: ['group-03'] };
    const campaign = await stack.startCampaign(tinySpec({ ...roundZeroOnly, name: 'lost-image', split }), dataset);
    const [round] = (await resultOf(campaign)).rounds;
    expect(round).toMatchObject({ poolCount: 12, setAsideCount: 1 });
    const version = await readVersion(stack.store, round!.version);
    expect(version.setAside).toEqual([{ id: lost.id, reason: expect.stringContaining('Cannot read') }]);
  });

  it('goes on where a fold lacks a class, and says which', async () => {
    const rare = await importRareClass(stack);
    const split = { labelled: ['group-00', 'group-01', 'group-02', 'group-04'], test: ['group-03'] };
    const campaign = await stack.startCampaign(
      tinySpec({ ...roundZeroOnly, dataset: 'rare', name: 'rare', split }),
      rare,
    );
    const state = await resultOf(campaign);
    expect(state).toMatchObject({ stage: 'finished', rounds: [{ round: 0 }] });
    const plan = campaignPlanSchema.parse(JSON.parse(new TextDecoder().decode(await stack.store.get(state.plan!))));
    expect(plan.folds.remarks).toEqual([expect.stringMatching(/^fold [01] has no "speck"$/)]);
  });
});

/** The squares, with a second class that a single labelled group shows. */
async function importRareClass({ store }: TestStack): Promise<ArtifactRef> {
  const plain = await readVersion(store, await importSquares(store, squares));
  const withClass = (item: DatasetItem): DatasetItem =>
    item.group === 'group-00' && item.label?.kind === 'mask'
      ? { ...item, label: { ...item.label, classes: [0, 1, 2] } }
      : item;
  const rare: DatasetVersion = {
    ...plain,
    name: 'rare',
    classes: [...plain.classes, 'speck'],
    items: plain.items.map(withClass),
  };
  return store.put(importedVersionKey('rare'), new TextEncoder().encode(JSON.stringify(rare)));
}
