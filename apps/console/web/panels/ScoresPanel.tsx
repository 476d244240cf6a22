import type { CampaignDetail } from '@probity/core/schemas/api/campaigns';
import type { UseQueryResult } from '@tanstack/react-query';
import * as Plot from '@observablehq/plot';
import { useMemo } from 'react';
import { Chart } from '../ui/Chart.js';
import { Panel } from '../ui/Panel.js';

/** The test score of each round with its interval, against the control arm. */
export function ScoresPanel({ campaign }: { campaign: UseQueryResult<CampaignDetail> }) {
  return (
    <Panel
      title="Test score"
      note="Locked test set, mean over groups, with a 95 % interval over groups. The line is round 0, the control arm."
      query={campaign}
      empty={({ state }) => (state.rounds.length === 0 ? 'No round is finished yet.' : undefined)}
    >
      {({ state }) => <ScoreChart rounds={state.rounds} />}
    </Panel>
  );
}

function ScoreChart({ rounds }: { rounds: CampaignDetail['state']['rounds'] }) {
  const options = useMemo((): Plot.PlotOptions => {
    const rows = rounds.map(({ round, score }) => ({ round: `round ${round}`, ...score, control: round === 0 }));
    return {
      width: 1080,
      height: 80 + rows.length * 38,
      marginBottom: 44,
      marginLeft: 70,
      x: { label: 'score', labelOffset: 40, grid: true, nice: true },
      y: { label: null, domain: rows.map(({ round }) => round) },
      marks: [
        Plot.ruleX(
          rows.filter(({ control }) => control),
          { x: 'value', stroke: 'var(--muted)', strokeDasharray: '4 3' },
        ),
        Plot.link(rows, {
          x1: 'low',
          x2: 'high',
          y: 'round',
          stroke: 'var(--accent)',
          strokeWidth: 3,
          strokeOpacity: 0.45,
        }),
        Plot.dot(rows, { x: 'value', y: 'round', r: 6, fill: 'var(--accent)' }),
        Plot.text(rows, {
          x: 'value',
          y: 'round',
          dy: -14,
          fill: 'var(--ink)',
          stroke: 'var(--paper)',
          strokeWidth: 5,
          text: ({ value }: { value: number }) => value.toFixed(3),
        }),
      ],
    };
  }, [rounds]);
  return <Chart label={`Test score of ${rounds.length} rounds`} options={options} />;
}
