import { earlyExitText } from '@probity/core/calibration/early-exit-text';
import { precisionText } from '@probity/core/calibration/precision-text';
import type { RoundDetail } from '@probity/core/schemas/api/campaigns';
import type { UseQueryResult } from '@tanstack/react-query';
import { decimal, intervalText } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';
import { HeadRow } from '../ui/HeadRow.js';
import { Reliability } from '../ui/Reliability.js';

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
          {calibration.precision && <p>This round was {precisionText(calibration.precision)}.</p>}
          {calibration.earlyExit && <p>This round was {earlyExitText(calibration.earlyExit)}.</p>}
          <ErrorTable detail={{ calibration, classes, evaluation }} />
        </>
      )}
    </Panel>
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
