import { readdir, readFile } from 'node:fs/promises';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import type { BuiltHistory } from '@probity/test-support/history-builder';
import { CAMPAIGN_ID, roundZero, sweep } from './built-campaign.js';
import { bundleSources } from './source-bundle.js';

// A history that does not fit is reported by the thrown error; the log would say it all again.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'off', forward: {} } },
});

const folder = new URL('./histories/', import.meta.url);
const recorded = (await readdir(folder)).filter((name) => name.endsWith('.json'));

/** The id of the campaign in the recorded histories: a sweep's id is made from it. */
const RECORDED_ID = 'recorded';

async function replay(history: unknown, workflowId = CAMPAIGN_ID): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await bundleSources() }, history, workflowId);
}

describe("today's workflows", () => {
  it.each<[string, BuiltHistory]>([
    ['a round that leads to the next one', roundZero()],
    ['a round that accepted nothing', roundZero({ acceptedCount: 0 })],
    ['a sweep of three shards, two at a time', sweep()],
  ])('do what the history of %s says', async (_, history) => {
    await expect(replay(history)).resolves.toBeUndefined();
  });

  it.each<[string, BuiltHistory]>([
    ['another activity in a round', roundZero({ secondFold: 'other' })],
    ['a narrower window', sweep({ window: 3 })],
  ])('do not fit a history of %s (the test of the test)', async (_, history) => {
    await expect(replay(history)).rejects.toThrow(/[Nn]ondeterminis/);
  });

  // Written by `temporal workflow show --output json`; never edited. See README.md.
  it.each(recorded)('still fit %s', async (name) => {
    await expect(
      replay(JSON.parse(await readFile(new URL(name, folder), 'utf8')), RECORDED_ID),
    ).resolves.toBeUndefined();
  });
});
