import type { RoundDetail } from '@probity/core/schemas/api/campaigns';
import type { Thresholds } from '@probity/core/schemas/round-artifacts';
import type { UseQueryResult } from '@tanstack/react-query';
import { decimal, percent } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';

/** From which probability on a pixel is labelled, and what that promises. */
export function ThresholdsPanel({ detail }: { detail: UseQueryResult<RoundDetail> }) {
  return (
    <Panel
      title="Thresholds"
      query={detail}
      empty={({ calibration }) => (calibration.thresholds.length === 0 ? 'This round has no thresholds.' : undefined)}
    >
      {({ calibration, classes }) => (
        <ul className="plain">
          {calibration.thresholds.map((thresholds) => (
            <li key={thresholds.classIndex}>
              <b>{classes[thresholds.classIndex]}</b>: foreground from {decimal(thresholds.foregroundMin)}, background
              up to {decimal(thresholds.backgroundMax)}, ignored between. {promise(thresholds)}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function promise({ basis }: Thresholds): string {
  if (basis.kind === 'fixed') return 'Set by hand: they promise nothing.';
  if (basis.bound > basis.errorMax)
    return `No threshold keeps the error at ${percent(basis.errorMax, 1)}: nothing of this class is labelled.`;
  return `Promised over ${basis.groups} groups, in expectation for a new one: at most ${percent(basis.errorMax, 1)} of what is called foreground is not, and at most ${percent(basis.errorMax, 1)} of what truly is foreground is taught as background. Measured out of fold: ${percent(basis.errorMean, 1)} for the worse of the two, bound ${percent(basis.bound, 1)}.`;
}
