import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportStudent } from '@probity/cli/campaigns/export-student';
import { fullReport } from '@probity/cli/campaigns/report-campaign';
import { readCampaign } from '@probity/connections/campaigns/read-campaign';
import { sha256Hex } from '@probity/connections/hash';
import { readSettings } from '@probity/connections/settings';
import { bestRound } from '@probity/core/rounds/campaign-state';
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

  it('runs from an imported data set to a published version and a student, round by round', async () => {
    const dataset = await importSquares(stack.store, { groupCount: 10, itemsPerGroup: 4 });
    const spec = tinySpec({ student: { steps: 100, model: tinySpec().model } });
    const state = await resultOf(await stack.startCampaign(spec, dataset));

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

    expect(state.stage).toBe('finished');
    expect(state.student).toMatchObject({ round: bestRound(state)!.round, labelledCount: 16, poolCount: 16 });
    expect(state.student!.score.value).toBeGreaterThan(0.6);
    const { student, engines } = await fullReport(
      await readCampaign(stack.temporal, spec.name),
      stack.store,
      readSettings({ PROBITY_HOME: stack.home }).store,
    );
    expect(engines).toEqual([expect.stringMatching(/^onnx-cpu/)]);
    expect(student!.rows.map(({ className, model }) => `${className} ${model}`)).toEqual([
      'square ensemble',
      'square student',
    ]);
    const out = join(stack.home, 'exported');
    await exportStudent(stack.store, { campaign: spec.name, out });
    expect(sha256Hex(await readFile(join(out, 'student.onnx')))).toBe(state.student!.onnx.sha256);
  });
});
