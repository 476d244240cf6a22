import type { CampaignRow } from '@probity/core/schemas/api/campaigns';
import type { CampaignView } from '@probity/connections/campaigns/read-campaign';
import type { RunningStep } from '@probity/connections/campaigns/running-steps';
import { describeJob, describeProgress, describeStage, describeWaiting } from '../campaigns/stage-progress.js';
import { formatInterval } from '@probity/core/rounds/campaign-report';
import { formatCount } from './quantities.js';
import { renderPairs, renderTable } from './table.js';

export function describeCampaigns(campaigns: readonly CampaignRow[]): string {
  if (campaigns.length === 0) return 'No campaigns yet; "probity campaign start --help" says how to start one';
  return renderTable<CampaignRow>(
    [
      { title: 'campaign', value: ({ id }) => id },
      { title: 'status', value: ({ status }) => status },
      { title: 'data set', value: ({ dataset = '' }) => dataset },
      { title: 'round', align: 'right', value: ({ round }) => (round === undefined ? '' : String(round)) },
      { title: 'stage', value: ({ stage = '' }) => stage },
      { title: 'test score', align: 'right', value: ({ score }) => score?.toFixed(3) ?? '' },
      {
        title: 'accepted',
        align: 'right',
        value: ({ acceptedCount }) => (acceptedCount === undefined ? '' : formatCount(acceptedCount)),
      },
      { title: 'began', value: ({ startedAt }) => formatTime(startedAt) },
    ],
    campaigns,
  );
}

/** `2026-11-23 16:00 UTC`: the same wherever it is read. */
export const formatTime = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

export function describeStatus(
  { id, status, spec, state, startedAt, endedAt, failure }: CampaignView,
  steps: readonly RunningStep[],
): string {
  const last = state.rounds.at(-1);
  const jobs = steps.flatMap(({ progress, state: where }) =>
    progress === undefined || where !== 'running' ? [] : [`${describeJob(progress)}: ${describeProgress(progress)}`],
  );
  return renderPairs([
    ['Campaign', `${id}, ${status}${state.stopReason === undefined ? '' : ` (${state.stopReason})`}`],
    ['Data set', spec.dataset],
    ['Started', `${formatTime(startedAt)}${endedAt === undefined ? '' : `, ended ${formatTime(endedAt)}`}`],
    ['Stands at', describeStage(state, spec)],
    ...(last === undefined
      ? []
      : [
          [
            'Last round',
            `round ${last.round}: test score ${formatInterval(last.score)}, ${formatCount(last.acceptedCount)} of ${formatCount(last.poolCount)} pool items accepted`,
          ] as const,
        ]),
    ...[...jobs, ...describeWaiting(steps)].map((line) => ['Now', line] as const),
    ...(failure === undefined
      ? []
      : [['Failed', `${failure.code === undefined ? '' : `${failure.code}: `}${failure.message}`] as const]),
  ]);
}
