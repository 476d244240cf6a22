import type { CampaignState, Stage } from '@probity/core/schemas/campaign-state';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import {
  approveUpdate,
  campaignStateQuery,
  pauseUpdate,
  rejectUpdate,
  restartFoldUpdate,
  resumeUpdate,
  stopAfterRoundSignal,
} from '@probity/workflows/messages';
import { importSquares } from '@probity/worker-gpu/testing/squares-dataset';
import { tinySpec } from '@probity/worker-gpu/testing/tiny-spec';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverTool } from '../servers/server-tool.js';
import { childrenOf, isAlive, pidOf } from './support/processes.js';
import { openTestStack, resultOf, type TestStack } from './support/test-stack.js';
import { trainingAnswers } from './support/training-answers.js';
import { until } from './support/until.js';

const temporal = await serverTool('temporal');
const oneRound = { rounds: { max: 0, stopWhenWorseBy: 1 } };
/** Of two folds: a trunk and three members each. */
const PARTS = 8;
/** More steps than anybody waits for: such a fold ends only by a command. */
const endless = { ...tinySpec().training, steps: 500_000 };

describe.skipIf(temporal === undefined)('a running campaign', () => {
  let stack: TestStack;
  let dataset: ArtifactRef;
  beforeAll(async () => {
    stack = await openTestStack();
    dataset = await importSquares(stack.store, { groupCount: 8, itemsPerGroup: 3 });
  });
  afterAll(() => stack?.close());

  const stateOf = (campaign: WorkflowHandle): Promise<CampaignState> => campaign.query(campaignStateQuery);
  const reach = (campaign: WorkflowHandle, stage: Stage) =>
    until(`stage ${stage}`, async () => (await stateOf(campaign)).stage === stage, { explain: () => stack.trouble() });
  /** Progress of the jobs under way, as Temporal shows it. */
  const untilJobRuns = (campaign: WorkflowHandle, activity: string) =>
    until(
      `a heartbeat of ${activity}`,
      async () => {
        const { raw } = await campaign.describe();
        return raw.pendingActivities?.some(
          ({ activityType, heartbeatDetails }) => activityType?.name === activity && heartbeatDetails?.payloads?.length,
        );
      },
      { explain: () => stack.trouble() },
    );

  it('waits at the gate, refuses what does not fit, and goes on when it is approved', async () => {
    const campaign = await stack.startCampaign(tinySpec({ ...oneRound, name: 'gated', gate: 'manual' }), dataset);
    const approve = (round: number) => campaign.executeUpdate(approveUpdate, { args: [{ round, by: 'ada' }] });
    await reach(campaign, 'gate');
    await expect(approve(3)).rejects.toMatchObject({
      cause: { message: 'Cannot approve: round 0 waits at the gate, not round 3' },
    });
    await approve(0);
    expect(await resultOf(campaign)).toMatchObject({ stopReason: 'rounds-max', rounds: [{ round: 0 }] });
  });

  it('ends at the gate when it is rejected, and publishes nothing', async () => {
    // The round was computed above already: the gate comes at once.
    const spec = tinySpec({ ...oneRound, name: 'rejected', gate: 'manual' });
    const campaign = await stack.startCampaign(spec, dataset);
    await reach(campaign, 'gate');
    await campaign.executeUpdate(rejectUpdate, { args: [{ round: 0, by: 'ada', reason: 'too many squares' }] });
    expect(await resultOf(campaign)).toMatchObject({ stage: 'finished', stopReason: 'rejected', rounds: [] });
    expect(await stack.store.find('datasets/squares/campaigns/rejected/round-0.json')).toBeUndefined();
  });

  it('reuses what another campaign computed', async () => {
    const answers = await trainingAnswers(stack, 'rejected');
    expect(answers.length).toBe(PARTS);
    expect(answers.filter(({ reused, stepsRun }) => !reused || stepsRun > 0)).toEqual([]);
  });

  it('begins nothing while it is paused, and goes on when it is resumed', async () => {
    const spec = tinySpec({ ...oneRound, name: 'paused', gate: 'manual' });
    const campaign = await stack.startCampaign(spec, dataset);
    await reach(campaign, 'gate');
    await campaign.executeUpdate(pauseUpdate);
    await expect(campaign.executeUpdate(pauseUpdate)).rejects.toMatchObject({
      cause: { message: 'Cannot pause: the campaign is paused already' },
    });
    await campaign.executeUpdate(approveUpdate, { args: [{ round: 0, by: 'ada' }] });
    // The update was answered by a workflow that had the chance to go on, and did not.
    expect(await stateOf(campaign)).toMatchObject({ paused: true, stage: 'gate' });
    expect((await campaign.describe()).raw.pendingActivities ?? []).toEqual([]);
    await campaign.executeUpdate(resumeUpdate);
    expect(await resultOf(campaign)).toMatchObject({ stopReason: 'rounds-max', paused: false });
  });

  it('holds a sweep too while it is paused', async () => {
    // Six shards of one item each, one at a time, so that the pause comes in the middle.
    const spec = tinySpec({ ...oneRound, name: 'paused-sweep', seed: 12, shardSize: 1, sweepWindow: 1 });
    const campaign = await stack.startCampaign(spec, dataset);
    await reach(campaign, 'sweeping');
    await campaign.executeUpdate(pauseUpdate);
    const sweep = stack.temporal.client.workflow.getHandle('paused-sweep/round-0/sweep-0');
    await until('the sweep to hold', async () => ((await sweep.describe()).raw.pendingActivities ?? []).length === 0);
    expect((await sweep.describe()).status.name).toBe('RUNNING');
    await campaign.executeUpdate(resumeUpdate);
    expect(await resultOf(campaign)).toMatchObject({ stage: 'finished', rounds: [{ poolCount: 6 }] });
  });

  it('trains one fold anew when asked, and leaves the others', async () => {
    const spec = tinySpec({
      ...oneRound,
      name: 'restarted',
      seed: 13,
      training: { ...tinySpec().training, steps: 1500 }, // no fold ends before the command comes
    });
    const campaign = await stack.startCampaign(spec, dataset);
    await untilJobRuns(campaign, 'trainTrunk');
    await expect(campaign.executeUpdate(restartFoldUpdate, { args: [{ fold: 2 }] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('there is no fold 2') },
    });
    await campaign.executeUpdate(restartFoldUpdate, { args: [{ fold: 0 }] });
    expect(await resultOf(campaign)).toMatchObject({ stopReason: 'rounds-max' });
    const answers = await trainingAnswers(stack, 'restarted');
    // What was cut off has no answer: each fold answers once, the restarted one anew and whole.
    expect(answers.length).toBe(PARTS);
    expect(answers.filter(({ stepsRun, stepsTotal }) => stepsRun < stepsTotal)).toEqual([]);
  });

  it('stops after the round under way when asked', async () => {
    const campaign = await stack.startCampaign(
      tinySpec({ name: 'stopped', rounds: { max: 5, stopWhenWorseBy: 1 } }),
      dataset,
    );
    await campaign.signal(stopAfterRoundSignal);
    expect(await resultOf(campaign)).toMatchObject({ stopReason: 'stopped-by-user', rounds: [{ round: 0 }] });
  });

  it('ends its jobs before it ends itself when it is cancelled', async () => {
    const campaign = await stack.startCampaign(tinySpec({ name: 'cancelled', training: endless }), dataset);
    await untilJobRuns(campaign, 'trainTrunk');
    const [job] = await childrenOf(await pidOf(stack.home, 'worker-gpu'));
    await campaign.cancel();
    const failure = await campaign.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect((await campaign.describe()).status.name).toBe('CANCELLED');
    expect(await isAlive(job!)).toBe(false);
    expect(await stateOf(campaign)).toMatchObject({ stage: 'finished', stopReason: 'cancelled' });
    const { typedSearchAttributes } = await campaign.describe();
    expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toEqual(
      expect.arrayContaining([
        ['ProbityDataset', 'squares'],
        ['ProbityStage', 'finished'],
        ['ProbityRound', 0],
      ]),
    );
  });
});
