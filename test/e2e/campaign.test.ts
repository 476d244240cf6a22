import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVersion } from '@probity/datasets/versions/read-version';
import { resolveVersion } from '@probity/datasets/versions/resolve-version';
import { importSquares } from '@probity/worker-gpu/testing/squares-dataset';
import { serverTool } from '../servers/server-tool.js';
import { openTestStack, resultOf, type TestStack } from './support/test-stack.js';
import { tinySpec } from '@probity/worker-gpu/testing/tiny-spec';

const temporal = await serverTool('temporal');

describe.skipIf(temporal === undefined)('a campaign', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await openTestStack();
  });
  afterAll(() => stack?.close());

  it('runs from an imported data set to a published version, round by round', async () => {
    const dataset = await importSquares(stack.store, { groupCount: 10, itemsPerGroup: 4 });
    const state = await resultOf(await stack.startCampaign(tinySpec(), dataset));

    expect(state.stopReason).toBe('rounds-max');
    expect(state.rounds.map(({ round }) => round)).toEqual([0, 1]);
    expect(state.rounds[0]!.poolCount).toBe(16);
    expect(state.rounds[0]!.difference).toBeUndefined();
    expect(state.rounds[1]!.difference).toBeDefined();
    expect(state.rounds[1]!.score.value).toBeGreaterThan(0.6);

    const version = await readVersion(stack.store, await resolveVersion(stack.store, 'squares@round-1'));
    const machine = version.items.filter(({ label }) => label?.origin === 'machine');
    expect(machine).toHaveLength(state.rounds[1]!.acceptedCount);
    expect(version.items.filter(({ role }) => role === 'test')).toHaveLength(8);
    expect(version.ledger).toBeDefined();
  });
});
