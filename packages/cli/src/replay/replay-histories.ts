import { createRequire } from 'node:module';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { RecordedHistory } from './recorded-histories.js';

export interface Replay {
  readonly title: string;
  readonly eventCount: number;
  readonly fits: boolean;
  /** Where code and history part. */
  readonly reason?: string;
}

/** Runs each history against the workflow code as it was built last. Needs no server. */
export async function replayHistories(histories: readonly RecordedHistory[]): Promise<Replay[]> {
  // What does not fit is told in the answer; the runtime's own report would only repeat it.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  const codePath = createRequire(import.meta.url).resolve('@probity/workflows/workflow-bundle.cjs');
  const recorded = async function* () {
    for (const { workflowId, history } of histories) yield { workflowId, history };
  };
  const replays: Replay[] = [];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: { codePath } }, recorded())) {
    const { title, history } = histories[replays.length]!;
    const eventCount = history.events?.length ?? 0;
    replays.push({
      title,
      eventCount,
      fits: error === undefined,
      ...(error !== undefined && { reason: error.message }),
    });
  }
  return replays;
}
