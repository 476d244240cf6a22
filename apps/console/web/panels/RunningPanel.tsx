import type { CampaignDetail } from '@probity/core/schemas/api/campaigns';
import { waitingSentence, waitsForSlot } from '@probity/core/rounds/waiting-steps';
import type { UseQueryResult } from '@tanstack/react-query';
import * as Plot from '@observablehq/plot';
import { useMemo } from 'react';
import { Chart } from '../ui/Chart.js';
import { decimal, words } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';

type Running = CampaignDetail['running'][number];

/** What is under way right now, with the loss of what trains. */
export function RunningPanel({ campaign }: { campaign: UseQueryResult<CampaignDetail> }) {
  return (
    <Panel
      title="Running now"
      query={campaign}
      empty={({ running }) => (running.length === 0 ? 'Between two steps.' : undefined)}
    >
      {({ running }) => {
        const shown = running.filter((step) => !waitsForSlot(step));
        const waiting = waitingSentence(running);
        return (
          <>
            <ul className="cards">
              {shown.map((step) => (
                <li key={step.key} className="card">
                  <RunningCard step={step} />
                </li>
              ))}
            </ul>
            {waiting && <p className="muted">{waiting}.</p>}
          </>
        );
      }}
    </Panel>
  );
}

function RunningCard({ step }: { step: Running }) {
  const { progress } = step;
  const place =
    progress?.fold !== undefined
      ? `fold ${progress.fold}`
      : progress?.shard !== undefined
        ? `shard ${progress.shard}`
        : '';
  return (
    <>
      <p>
        <b>{words(step.activity)}</b> {place} {progress?.part}{' '}
        {step.state === 'waiting' && <span className="muted">waiting</span>}
        {step.attempt > 1 && <span className="warn"> attempt {step.attempt}</span>}
      </p>
      {!progress && step.state === 'running' && <p className="muted">Starting …</p>}
      {progress && (
        <>
          <progress max={progress.total} value={progress.done} aria-label={`${step.activity} ${place}`} />
          <p className="muted">
            {progress.done} of {progress.total} {progress.unit} · {decimal(progress.perSecond, 1)} a second
            {progress.loss !== undefined && ` · loss ${decimal(progress.loss)}`}
          </p>
          {progress.curve && progress.curve.length > 1 && <LossChart curve={progress.curve} />}
        </>
      )}
      {step.lastFailure && <p className="warn">Last failure: {step.lastFailure.message}</p>}
    </>
  );
}

function LossChart({ curve }: { curve: readonly { step: number; loss: number }[] }) {
  const options = useMemo(
    (): Plot.PlotOptions => ({
      width: 320,
      height: 140,
      marginBottom: 40,
      y: { grid: true, label: 'loss', nice: true },
      x: { label: 'step', labelOffset: 36 },
      marks: [Plot.lineY(curve, { x: 'step', y: 'loss', stroke: 'var(--accent)', strokeWidth: 2 })],
    }),
    [curve],
  );
  return <Chart label="Loss by step" options={options} />;
}
