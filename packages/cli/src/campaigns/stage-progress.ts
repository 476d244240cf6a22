import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { CampaignState, JobProgress, Stage } from '@probity/core/schemas/campaign-state';
import { waitingSentence } from '@probity/core/rounds/waiting-steps';
import { formatDuration, formatRate } from '../print/quantities.js';
import type { RunningStep } from '@probity/connections/campaigns/running-steps';

/** The stages of a round in the order in which they come; the gate only where the campaign has one. */
export function stagesOf({ gate }: Pick<CampaignSpec, 'gate'>): readonly Stage[] {
  const stages = ['preparing', 'training', 'calibrating', 'sweeping', 'gate', 'publishing', 'evaluating'] as const;
  return stages.filter((stage) => stage !== 'gate' || gate === 'manual');
}

/** `round 1 of 2, training (stage 2 of 6)`. */
export function describeStage(state: CampaignState, spec: Pick<CampaignSpec, 'gate' | 'rounds'>): string {
  const { round, stage, paused } = state;
  if (stage === 'opening') return 'opening: splitting groups into labelled, test and pool';
  if (stage === 'finished') return 'finished';
  if (stage === 'distilling')
    return `the rounds are done, a student learns from their ensemble${paused ? ', paused' : ''}`;
  const stages = stagesOf(spec);
  const gate = stage === 'gate' ? ', waits for approve or reject' : '';
  return `round ${round} of ${spec.rounds.max}, ${stage}${gate} (stage ${stages.indexOf(stage) + 1} of ${stages.length})${paused ? ', paused' : ''}`;
}

const TITLES: Record<JobProgress['job'], string> = {
  prepare: 'prepare images',
  train: 'train',
  predict: 'predict held-out items',
  sweep: 'sweep',
  evaluate: 'evaluate test set',
};

/** `train fold 2, w=-1`. */
export function describeJob({ job, fold, shard, part }: JobProgress): string {
  const place = [fold === undefined ? '' : `fold ${fold}`, shard === undefined ? '' : `shard ${shard}`].filter(
    (word) => word !== '',
  );
  return [[TITLES[job], ...place].join(' '), ...(part === undefined ? [] : [part])].join(', ');
}

/** `120/400 steps, 34 steps/s, 8 s left`. */
export function describeProgress({ done, total, unit, perSecond }: JobProgress): string {
  const rate =
    perSecond > 0 ? `, ${formatRate(perSecond, unit)}, ${formatDuration((total - done) / perSecond)} left` : '';
  return `${done}/${total} ${unit}${rate}`;
}

/** `3 more wait for a slot`, and what goes wrong and is tried again. */
export function describeWaiting(steps: readonly RunningStep[]): string[] {
  const waiting = waitingSentence(steps);
  const troubled = steps.filter(({ lastFailure, attempt }) => attempt > 1 && lastFailure !== undefined);
  return [
    ...(waiting === undefined ? [] : [waiting]),
    ...troubled.map(
      ({ activity, attempt, lastFailure }) =>
        `${activity}: attempt ${attempt}, the one before failed: ${lastFailure!.code ?? 'unforeseen'}: ${lastFailure!.message}`,
    ),
  ];
}
