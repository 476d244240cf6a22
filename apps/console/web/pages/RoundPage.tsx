import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { historyQuery, roundQuery } from '../api/queries.js';
import { CalibrationPanel } from '../panels/CalibrationPanel.js';
import { FoldsPanel } from '../panels/FoldsPanel.js';
import { GalleryPanel } from '../panels/GalleryPanel.js';
import { StepsPanel } from '../panels/StepsPanel.js';
import { ThresholdsPanel } from '../panels/ThresholdsPanel.js';
import { decimal, duration, intervalText } from '../ui/numbers.js';

/** One finished round: can its probabilities be believed, and what was taken from the pool? */
export function RoundPage({ id, round }: { id: string; round: number }) {
  const detail = useQuery(roundQuery(id, round));
  const history = useQuery(historyQuery(id, { running: false }));
  const summary = detail.data?.summary;
  return (
    <>
      <p className="crumbs">
        <Link to="/campaigns/$id" params={{ id }}>
          {id}
        </Link>
      </p>
      <h1>
        Round {round} {round === 0 && <span className="muted">control arm</span>}
      </h1>
      {summary && (
        <p className="facts">
          test score <b>{decimal(summary.score.value)}</b> ({intervalText(summary.score)}) · accepted{' '}
          {summary.acceptedCount} of {summary.poolCount} · ignored {summary.ignoredCount} · set aside{' '}
          {summary.setAsideCount}
          {summary.leftEarlyCount !== undefined && ` · left early ${summary.leftEarlyCount}`} ·{' '}
          {duration(summary.seconds)}
        </p>
      )}
      <CalibrationPanel detail={detail} />
      <ThresholdsPanel detail={detail} />
      <GalleryPanel id={id} round={round} />
      <FoldsPanel detail={detail} />
      <StepsPanel title="Steps of this round" history={history} round={round} />
    </>
  );
}
