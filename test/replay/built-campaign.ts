import { requireSpec } from '@probity/core/schemas/fill-spec';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { HistoryBuilder, type BuiltHistory } from '@probity/test-support/history-builder';
import { TASK_QUEUES } from '@probity/workflows/task-queues';

export const CAMPAIGN_ID = 'c1';

export const spec: CampaignSpec = requireSpec({
  name: CAMPAIGN_ID,
  dataset: 'lv',
  split: { test: 2 },
  ensemble: { folds: 2 },
  rounds: { max: 1 },
  sweepWindow: 2,
});

const ref = (key: string): ArtifactRef => ({ key, sha256: '0'.repeat(64), bytes: 1 });
const interval = { value: 0.8, low: 0.7, high: 0.9, level: 0.95 };
const progress = (stage: string) => ({
  ProbityDataset: 'lv',
  ProbityTask: 'segmentation',
  ProbityStage: stage,
  ProbityRound: 0,
});

export interface RoundVariant {
  /** What stands in the history instead of the second fold's training. */
  readonly secondFold?: string;
  readonly shardCount?: number;
  /** Pool items that the sweep accepts; none ends the campaign. */
  readonly acceptedCount?: number;
}

/** Round 0 of two folds, as a server would have recorded it: from the start to continue-as-new, or to its end. */
export function roundZero({
  secondFold = 'trainFold',
  shardCount = 3,
  acceptedCount = 4,
}: RoundVariant = {}): BuiltHistory {
  const history = new HistoryBuilder();
  history
    .start('campaignWorkflow', { spec, dataset: ref('datasets/lv/import.json') })
    .task()
    .searchAttributes(progress('opening'));
  const opened = history.activity('openCampaign', TASK_QUEUES.cpu);
  history
    .complete(opened, { plan: ref('plan'), shardCount })
    .task()
    .searchAttributes(progress('preparing'));
  const prepared = history.activity('prepareItems', TASK_QUEUES.gpu);
  history
    .complete(prepared, { packs: ref('packs') })
    .task()
    .searchAttributes(progress('training'));

  const first = history.activity('trainFold', TASK_QUEUES.gpu);
  const second = history.activity(secondFold, TASK_QUEUES.gpu);
  history.complete(first, { fold: ref('fold-0') }).task();
  const firstEvidence = history.activity('predictOutOfFold', TASK_QUEUES.gpu);
  history.complete(second, { fold: ref('fold-1') }).task();
  const secondEvidence = history.activity('predictOutOfFold', TASK_QUEUES.gpu);
  history
    .complete(firstEvidence, { evidence: ref('evidence-0') })
    .complete(secondEvidence, { evidence: ref('evidence-1') });

  history.task().searchAttributes(progress('calibrating'));
  const calibrated = history.activity('calibrateRound', TASK_QUEUES.cpu);
  history.complete(calibrated, { calibration: ref('calibration'), eceBefore: interval, eceAfter: interval });
  history.task().searchAttributes(progress('sweeping'));
  const sweep = history.child('sweepWorkflow', `${CAMPAIGN_ID}/round-0/sweep-0`);
  history.task();
  const counts = { poolCount: 12, acceptedCount, ignoredCount: 12 - acceptedCount, setAsideCount: 0 };
  history.complete(sweep, { selections: ref('selections'), ...counts });
  history.task().searchAttributes(progress('publishing'));
  const published = history.activity('publishVersion', TASK_QUEUES.cpu);
  history
    .complete(published, { version: ref('version') })
    .task()
    .searchAttributes(progress('evaluating'));
  const evaluated = history.activity('evaluateRound', TASK_QUEUES.gpu);
  history.complete(evaluated, { evaluation: ref('evaluation'), score: interval }).task();
  if (acceptedCount > 0) return history.continueAsNew('campaignWorkflow', {});
  return history.searchAttributes(progress('finished')).finish({});
}

/** One batch of three shards with two under way at once. */
export function sweep({ window = 2 }: { window?: number } = {}): BuiltHistory {
  const history = new HistoryBuilder();
  const input = {
    campaignId: CAMPAIGN_ID,
    round: 0,
    batch: 0,
    firstShard: 0,
    shardCount: 3,
    models: [],
    paused: false,
  };
  const refs = { plan: ref('plan'), calibration: ref('calibration') };
  history.start('sweepWorkflow', { ...input, ...refs, spec: { ...spec, sweepWindow: window } }).task();
  const swept = { predictions: ref('predictions'), itemCount: 4, setAsideCount: 0 };
  const selected = { selection: ref('selection'), acceptedCount: 1, ignoredCount: 3, setAsideCount: 0 };

  const shards = [history.activity('sweepShard', TASK_QUEUES.gpu), history.activity('sweepShard', TASK_QUEUES.gpu)];
  history.complete(shards[0]!, swept).task();
  const selections = [history.activity('selectShard', TASK_QUEUES.cpu)];
  history.complete(selections[0]!, selected).task();
  shards.push(history.activity('sweepShard', TASK_QUEUES.gpu));
  for (const shard of shards.slice(1)) {
    history.complete(shard, swept).task();
    selections.push(history.activity('selectShard', TASK_QUEUES.cpu));
  }
  for (const selection of selections.slice(1)) history.complete(selection, selected);
  history.task();
  const gathered = history.activity('gatherSelections', TASK_QUEUES.cpu);
  return history
    .complete(gathered, { list: ref('list') })
    .task()
    .finish({});
}
