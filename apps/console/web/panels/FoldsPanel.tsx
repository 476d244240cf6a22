import type { RoundDetail } from '@probity/core/schemas/api/campaigns';
import type { UseQueryResult } from '@tanstack/react-query';
import * as Plot from '@observablehq/plot';
import { enginesOf, networksOf } from '@probity/core/rounds/engine-remarks';
import { useMemo } from 'react';
import { Chart } from '../ui/Chart.js';
import { Panel } from '../ui/Panel.js';
import { MemberTable } from './MemberTable.js';

/** The loss of every fold: its trunk, and the forks that became members. */
export function FoldsPanel({ detail }: { detail: UseQueryResult<RoundDetail> }) {
  return (
    <Panel
      title="Folds"
      note="Loss by step. Members at different operating points have different losses: only curves of the same colour compare."
      query={detail}
      empty={({ folds }) => (folds.length === 0 ? 'No folds.' : undefined)}
    >
      {({ folds, calibration, classes }) => (
        <>
          <div className="pair">
            {folds.map((fold) => (
              <FoldChart key={fold.fold} fold={fold} />
            ))}
          </div>
          <MemberTable calibration={calibration} classes={classes} />
        </>
      )}
    </Panel>
  );
}

function FoldChart({ fold }: { fold: RoundDetail['folds'][number] }) {
  const options = useMemo((): Plot.PlotOptions => {
    const points = [
      ...fold.trunkCurve.map((point) => ({ ...point, part: 'trunk' })),
      ...fold.members.flatMap(({ operatingPoint, curve }) =>
        curve.map((point) => ({ ...point, part: `w=${operatingPoint}` })),
      ),
    ];
    return {
      width: 500,
      height: 260,
      marginBottom: 44,
      marginTop: 28,
      color: { legend: true, scheme: 'Tableau10' },
      y: { grid: true, label: 'loss', nice: true },
      x: { label: 'step', labelOffset: 40 },
      marks: [Plot.lineY(points, { x: 'step', y: 'loss', stroke: 'part', strokeWidth: 1.8 })],
    };
  }, [fold]);
  return (
    <figure>
      <figcaption>
        Fold {fold.fold}{' '}
        <span className="muted">
          {fold.members.length} members, {fold.stepsTotal} steps, {enginesOf(networksOf(fold)).join(' and ')}
          {fold.batchParts === undefined ? '' : `, batches in ${fold.batchParts} parts for lack of memory`}
        </span>
      </figcaption>
      <Chart label={`Loss curves of fold ${fold.fold}`} options={options} />
    </figure>
  );
}
