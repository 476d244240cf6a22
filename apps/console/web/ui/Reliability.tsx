import type { CalibrationError } from '@probity/core/schemas/round-artifacts';
import * as Plot from '@observablehq/plot';
import { useMemo } from 'react';
import { Chart } from './Chart.js';
import { decimal, intervalText } from './numbers.js';

/** Stated probability against frequency; on the diagonal a probability means what it says, and the area of a dot is its pixels. */
export function Reliability({ title, error }: { title: string; error: CalibrationError }) {
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
