import type { CampaignDetail } from '@probity/core/schemas/api/campaigns';
import { useQuery } from '@tanstack/react-query';
import { useCampaignEvents } from '../api/use-campaign-events.js';
import { campaignQuery, historyQuery, studentQuery } from '../api/queries.js';
import { RoundsPanel } from '../panels/RoundsPanel.js';
import { RunningPanel } from '../panels/RunningPanel.js';
import { ScoresPanel } from '../panels/ScoresPanel.js';
import { StepsPanel } from '../panels/StepsPanel.js';
import { StudentPanel } from '../panels/StudentPanel.js';
import { Badge } from '../ui/Badge.js';
import { clock } from '../ui/numbers.js';

const ENDED: Record<NonNullable<CampaignDetail['state']['stopReason']>, string> = {
  'rounds-max': 'all its rounds are done',
  'stopped-by-user': 'stopped after a round, as asked',
  rejected: 'a round was rejected',
  'nothing-accepted': 'nothing of the pool was accepted',
  'pool-empty': 'nothing is left in the pool',
  'worse-than-control': 'worse than the control arm',
  cancelled: 'cancelled',
};

/** One campaign: its rounds side by side, and what runs. */
export function CampaignPage({ id }: { id: string }) {
  useCampaignEvents(id);
  const campaign = useQuery(campaignQuery(id));
  const { data } = campaign;
  const history = useQuery(historyQuery(id, { running: data?.status === 'running' }));
  return (
    <>
      <h1>
        {id} {data && <Badge word={data.status} />}
      </h1>
      {data && (
        <p className="facts">
          {data.spec.task} on <b>{data.spec.dataset}</b> · {data.spec.ensemble.folds} folds of{' '}
          {data.spec.ensemble.operatingPoints.length} members ·{' '}
          {data.state.stopReason === undefined
            ? `round ${data.state.round}, ${data.state.stage}${data.state.paused ? ', paused' : ''}`
            : `ended: ${ENDED[data.state.stopReason]}`}{' '}
          · started {clock(data.startedAt)}
          {data.temporalPage && (
            <>
              {' '}
              · <a href={data.temporalPage}>open in Temporal</a>
            </>
          )}
        </p>
      )}
      {data?.failure && (
        <p role="alert" className="failed">
          {data.failure.message} {data.failure.code && <code>{data.failure.code}</code>}
        </p>
      )}
      {data?.status === 'running' && <RunningPanel campaign={campaign} />}
      <ScoresPanel campaign={campaign} />
      <RoundsPanel campaign={campaign} />
      {data?.spec.student && <StudentOf id={id} made={data.state.student !== undefined} />}
      <StepsPanel title="Steps" history={history} />
    </>
  );
}

function StudentOf({ id, made }: { id: string; made: boolean }) {
  return <StudentPanel student={useQuery(studentQuery(id, { made }))} />;
}
