import * as Plot from '@observablehq/plot';
import { useEffect, useRef } from 'react';

/** A chart of Observable Plot. `label` is what a screen reader says in its place. */
export function Chart({ label, options }: { label: string; options: Plot.PlotOptions }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chart = Plot.plot({ style: { background: 'transparent', fontSize: '12px' }, ...options });
    frame.current?.append(chart);
    return () => chart.remove();
  }, [options]);
  return <div ref={frame} role="img" aria-label={label} className="chart" />;
}
