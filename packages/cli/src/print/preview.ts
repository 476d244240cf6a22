import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { CampaignPreview } from '../spec/preview-campaign.js';
import { formatCount, formatCounted, formatDuration, formatShare } from './quantities.js';
import { renderPairs } from './table.js';

/** What a campaign will do, before it does it. */
export function describePreview(
  spec: CampaignSpec,
  { groups, items, folds, members, cost, promise, remarks }: CampaignPreview,
): string {
  const part = (name: keyof CampaignPreview['groups']) =>
    `${formatCounted(items[name], 'item')} in ${formatCounted(groups[name], 'group')}`;
  const leftOut =
    items.leftOut === 0 ? '' : `; ${formatCount(items.leftOut)} without label in test groups take no part`;
  return renderPairs([
    ['Labelled', part('labelled')],
    ['Test set', `${part('test')}, locked${leftOut}`],
    ['Pool', part('pool')],
    [
      'Ensemble',
      `${formatCounted(folds, 'fold')} × ${formatCounted(members, 'member')}; ${spec.model.kind}, ${spec.input.height} × ${spec.input.width}`,
    ],
    ['Rounds', `round 0 and up to ${formatCounted(spec.rounds.max, 'pseudo-label round')}`],
    ['Training', `${formatCount(cost.stepsPerRound)} steps a round, ${formatCount(cost.stepsPerFold)} a fold`],
    ...(spec.student === undefined
      ? []
      : [
          [
            'Student',
            `one network, ${formatCounted(spec.student.steps, 'step')} behind the last round, taught by the best round's ensemble`,
          ] as const,
        ]),
    ['Time', `very roughly ${formatDuration(cost.seconds)} here; the progress tells better`],
    ...(promise === undefined
      ? []
      : [
          [
            'Promise',
            `at most ${formatShare(promise.errorMax)} of called foreground wrong and of true foreground missed, in a new group; ${formatShare(promise.errorMin)} is the least that ${formatCounted(groups.labelled, 'labelled group')} can promise`,
          ] as const,
        ]),
    ...remarks.map((remark) => ['Note', remark] as const),
  ]);
}
