import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TemporalClient } from '@probity/connections/connect-temporal';
import { ProbityError } from '@probity/core/errors';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import { listRuns } from '@probity/connections/campaigns/campaign-runs';
import { describeCampaign } from '@probity/connections/campaigns/read-campaign';

export interface RecordedHistory {
  readonly workflowId: string;
  /** Tells the runs of a workflow apart. */
  readonly title: string;
  readonly history: History;
}

/** The histories of every run of a campaign and of its sweeps. @throws {ProbityError} `CAMPAIGN_MISSING` */
export async function fetchHistories(temporal: TemporalClient, id: string): Promise<RecordedHistory[]> {
  await describeCampaign(temporal, id);
  const runs = await listRuns(temporal, id);
  return Promise.all(
    runs.map(async ({ workflowId, runId }, index) => ({
      workflowId,
      title: `${workflowId.replaceAll('/', '-')}-run-${index}`,
      history: await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory(),
    })),
  );
}

/** @throws {ProbityError} `INVALID_INPUT` for a file that is no history */
export async function readHistoryFile(path: string): Promise<RecordedHistory> {
  try {
    const history = historyFromJSON(JSON.parse(await readFile(path, 'utf8')));
    return {
      workflowId: history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId || 'replayed',
      title: path,
      history,
    };
  } catch (cause) {
    const state = cause instanceof Error ? cause.message : String(cause);
    throw new ProbityError('INVALID_INPUT', `Cannot read history "${basename(path)}": ${state}`, { cause });
  }
}

export async function saveHistories(folder: string, histories: readonly RecordedHistory[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    histories.map(({ title, history }) => writeFile(join(folder, `${title}.json`), `${historyToJSON(history)}\n`)),
  );
}
