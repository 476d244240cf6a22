import { afterEach, describe, expect, it } from 'vitest';
import { startStack } from '@probity/cli/stack/start-stack';
import { readVersion } from '@probity/datasets/versions/read-version';
import { resolveVersion } from '@probity/datasets/versions/resolve-version';
import { childrenOf, isAlive, pidOf } from './support/processes.js';
import { importSquares } from '@probity/worker-gpu/testing/squares-dataset';
import { openTestStack, resultOf, WORKING_SERVICES, type TestStack } from './support/test-stack.js';
import { tinySpec } from '@probity/worker-gpu/testing/tiny-spec';
import { until } from './support/until.js';
import { trainedMembers, versionDigest } from './support/version-digest.js';

const squares = { groupCount: 8, itemsPerGroup: 3 };
const spec = tinySpec({ rounds: { max: 0, stopWhenWorseBy: 1 }, training: { ...tinySpec().training, steps: 120 } });

let stacks: TestStack[] = [];
afterEach(async () => {
  for (const stack of stacks) await stack.close();
  stacks = [];
});

async function open(): Promise<TestStack> {
  const stack = await openTestStack();
  stacks.push(stack);
  return stack;
}

/** The digest of an undisturbed run, in a stack of its own: computed once for all bad days. */
let undisturbed: Promise<{ digest: string; members: number }> | undefined;
function undisturbedRun(): Promise<{ digest: string; members: number }> {
  undisturbed ??= (async () => {
    const stack = await openTestStack();
    try {
      await resultOf(await stack.startCampaign(spec, await importSquares(stack.store, squares)));
      return {
        digest: await versionDigest(stack.store, 'squares@round-0'),
        members: (await trainedMembers(stack.store)).length,
      };
    } finally {
      await stack.close();
    }
  })();
  return undisturbed;
}

const firstMember = (stack: TestStack) =>
  until('a finished member', async () => (await trainedMembers(stack.store)).length >= 2);

describe('a bad day', () => {
  it('kills the GPU worker and its job in mid-fold: no finished member is trained again, and the data set is the same', async () => {
    const expected = await undisturbedRun();
    const stack = await open();
    const campaign = await stack.startCampaign(spec, await importSquares(stack.store, squares));
    await firstMember(stack);
    const before = await trainedMembers(stack.store);

    const worker = await pidOf(stack.home, 'worker-gpu');
    const jobs = await childrenOf(worker);
    process.kill(worker, 'SIGKILL');
    await until('the orphaned jobs to end', async () =>
      (await Promise.all(jobs.map(isAlive))).every((alive) => !alive),
    );
    await startStack({ home: stack.home, services: WORKING_SERVICES });

    await resultOf(campaign);
    expect(await versionDigest(stack.store, 'squares@round-0')).toBe(expected.digest);
    const after = await trainedMembers(stack.store);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(expected.members);
  });

  it('kills a job process: it goes on from its newest checkpoint', async () => {
    const expected = await undisturbedRun();
    const stack = await open();
    const campaign = await stack.startCampaign(spec, await importSquares(stack.store, squares));
    await firstMember(stack);
    for (const job of await childrenOf(await pidOf(stack.home, 'worker-gpu'))) process.kill(job, 'SIGKILL');
    await resultOf(campaign);
    expect(await versionDigest(stack.store, 'squares@round-0')).toBe(expected.digest);
  });

  it('stops Temporal and starts it again: the campaign goes on by itself', async () => {
    const expected = await undisturbedRun();
    const stack = await open();
    const campaign = await stack.startCampaign(spec, await importSquares(stack.store, squares));
    await firstMember(stack);
    process.kill(await pidOf(stack.home, 'temporal'), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, Number(process.env['PROBITY_OUTAGE_SECONDS'] ?? 8) * 1000));
    await startStack({ home: stack.home, services: WORKING_SERVICES });
    await resultOf(campaign);
    expect(await versionDigest(stack.store, 'squares@round-0')).toBe(expected.digest);
  });

  it('breaks an image of the pool: it is set aside and listed, and the round goes on', async () => {
    const stack = await open();
    const ids = Array.from({ length: 24 }, (_, i) => `item-${String(i).padStart(3, '0')}`);
    const whole = await importSquares(stack.store, { ...squares, groupCount: 8 });
    const plain = await readVersion(stack.store, whole);
    // Groups 0 and 1 are labelled and tested by name, so that the broken image is surely in the pool.
    const named = tinySpec({ ...spec, split: { labelled: ['group-00', 'group-01', 'group-02'], test: ['group-03'] } });
    const broken = plain.items.find(({ group }) => group === 'group-05')!;
    expect(ids).toContain(broken.id);
    await stack.store.delete(broken.image.key);
    const state = await resultOf(await stack.startCampaign(named, whole));
    expect(state.rounds[0]!.setAsideCount).toBe(1);
    const version = await readVersion(stack.store, await resolveVersion(stack.store, 'squares@round-0'));
    expect(version.setAside).toEqual([{ id: broken.id, reason: expect.stringContaining('Cannot') }]);
  });

  it.each([
    [
      'fewer groups than folds',
      tinySpec({ split: { labelled: 3, test: 2 }, ensemble: { ...spec.ensemble, folds: 4 } }),
      'SPLIT_IMPOSSIBLE',
    ],
    ['an empty pool', tinySpec({ split: { labelled: 6, test: 2 } }), 'POOL_EMPTY'],
    [
      'a promise that so few groups cannot keep',
      tinySpec({ selection: { ...spec.selection, thresholds: { kind: 'error', errorMax: 0.05 } } }),
      'PROMISE_IMPOSSIBLE',
    ],
  ])('meets %s: a clear error at once, and nothing else', async (_, wrong, code) => {
    const stack = await open();
    const campaign = await stack.startCampaign(wrong, await importSquares(stack.store, squares));
    await expect(campaign.result()).rejects.toMatchObject({ cause: { cause: { type: code } } });
    expect(await trainedMembers(stack.store)).toEqual([]);
  });
});
