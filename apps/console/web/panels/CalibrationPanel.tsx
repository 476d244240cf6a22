import type { RoundDetail } from '@probity/core/schemas/api/campaigns';
import type { CalibrationError } from '@probity/core/schemas/round-artifacts';
import type { UseQueryResult } from '@tanstack/react-query';
import * as Plot from '@observablehq/plot';
import { useMemo } from 'react';
import { Chart } from '../ui/Chart.js';
import { decimal, intervalText } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';
import { HeadRow } from '../ui/HeadRow.js';

/** How far stated probabilities are from what came true, before and after calibration. */
export function CalibrationPanel({ detail }: { detail: UseQueryResult<RoundDetail> }) {
  return (
    <Panel
      title="Calibration"
      note="Out of fold: each labelled image judged by members that never saw its group. On the diagonal a probability means what it says; the area of a dot is its number of pixels."
      query={detail}
      empty={({ calibration }) =>
        calibration.report.length === 0 ? 'No out-of-fold predictions in this round.' : undefined
      }
    >
      {({ calibration, classes, evaluation }) => (
        <>
          {calibration.report.map(({ classIndex, before, after }) => (
            <div key={classIndex} className="pair">
              <Reliability title={`${classes[classIndex]}: before`} error={before} />
              <Reliability title={`${classes[classIndex]}: after`} error={after} />
            </div>
          ))}
          <ErrorTable detail={{ calibration, classes, evaluation }} />
        </>
      )}
    </Panel>
  );
}

function Reliability({ title, error }: { title: string; error: CalibrationError }) {
  const options = useMemo(
    (): Plot.PlotOptions => ({
      width: 500,
      height: 400,
      marginBottom: 44,
      marginTop: 28,
      grid: true,
      x: { domain: [0, 1], label: 'stated probability', labelOffset: 40 },
      y: { domain: [0, 1], label: 'frequency' },
      r: { range: [2, 18] },
      marks: [
        Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: 'var(--muted)', strokeDasharray: '4 3' }),
        Plot.lineY(error.bins, { x: 'confidence', y: 'frequency', stroke: 'var(--accent)', strokeOpacity: 0.5 }),
        Plot.dot(error.bins, {
          x: 'confidence',
          y: 'frequency',
          r: 'count',
          fill: 'var(--accent)',
          fillOpacity: 0.65,
          tip: true,
          title: ({ count, confidence, frequency }: CalibrationError['bins'][number]) =>
            `${count} pixels\nstated ${confidence.toFixed(3)}\nfound ${frequency.toFixed(3)}`,
        }),
      ],
    }),
    [error],
  );
  return (
    <figure>
      <figcaption>
        {title}{' '}
        <span className="muted">
          error {decimal(error.ece.value)} ({intervalText(error.ece)})
        </span>
      </figcaption>
      <Chart label={`Reliability diagram, ${title}`} options={options} />
    </figure>
  );
}

function ErrorTable({
  detail: { calibration, classes, evaluation },
}: {
  detail: Pick<RoundDetail, 'calibration' | 'classes' | 'evaluation'>;
}) {
  const rows = [
    ...calibration.report.flatMap(({ classIndex, before, after }) => [
      { where: 'out of fold', name: classes[classIndex], when: 'before', error: before },
      { where: 'out of fold', name: classes[classIndex], when: 'after', error: after },
    ]),
    ...evaluation.calibrationBefore.map((error, c) => ({
      where: 'test set',
      name: classes[c + 1],
      when: 'before',
      error,
    })),
    ...evaluation.calibrationAfter.map((error, c) => ({
      where: 'test set',
      name: classes[c + 1],
      when: 'after',
      error,
    })),
  ];
  return (
    <div className="scroll">
      <table>
        <caption>Errors of the probabilities with 95 % intervals over groups; smaller is better</caption>
        <HeadRow
          titles={[
            'Where',
            'Class',
            'Calibration',
            'Expected calibration error',
            'Brier score',
            'Log-likelihood loss',
            'Pixels',
          ]}
        />
        <tbody>
          {rows.map(({ where, name, when, error }) => (
            <tr key={`${where} ${name} ${when}`}>
              <td>{where}</td>
              <td>{name}</td>
              <td>{when}</td>
              {[error.ece, error.brier, error.nll].map((interval, i) => (
                <td key={i} className="number">
                  {decimal(interval.value, 4)} <small>{intervalText(interval, 4)}</small>
                </td>
              ))}
              <td className="number">{error.bins.reduce((sum, { count }) => sum + count, 0).toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
