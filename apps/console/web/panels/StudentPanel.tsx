import { compareStudent, type StudentRow } from '@probity/core/rounds/student-report';
import type { StudentAnswer } from '@probity/core/schemas/api/campaigns';
import type { Interval } from '@probity/core/schemas/round-artifacts';
import type { UseQueryResult } from '@tanstack/react-query';
import { HeadRow } from '../ui/HeadRow.js';
import { decimal, intervalText, signed } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';
import { Reliability } from '../ui/Reliability.js';

/** Is the one network as good as the ensemble that taught it, and do its probabilities mean what they say? */
export function StudentPanel({ student }: { student: UseQueryResult<StudentAnswer> }) {
  return (
    <Panel
      title="Student"
      note="One network that learnt the ensemble's calibrated probabilities. Both on the locked test set: the ensemble's calibrated probabilities, the student's softmax as it comes. Intervals are 95 %, over groups."
      query={student}
      empty={(answer) =>
        answer.student === undefined ? 'No student yet: it is made behind the last round.' : undefined
      }
    >
      {(answer) => <Comparison detail={answer.student!} />}
    </Panel>
  );
}

function Comparison({ detail: { summary, student, evaluations } }: { detail: NonNullable<StudentAnswer['student']> }) {
  const rows = compareStudent({ classes: student.classes, ...evaluations });
  const { difference, round, poolCount, labelledCount } = summary;
  return (
    <>
      <p>
        Test score <b>{decimal(summary.score.value)}</b> ({intervalText(summary.score)}), {signed(difference.value)} (
        {intervalText(difference)}) against the ensemble of round {round}. Taught by {poolCount} images of the pool and{' '}
        {labelledCount} labelled ones.
      </p>
      <StudentTable rows={rows} />
      {[...new Set(rows.map(({ className }) => className))].map((name) => (
        <div key={name} className="pair">
          {rows
            .filter(({ className }) => className === name)
            .map(({ model, error }) => (
              <Reliability key={model} title={`${name}: ${model}`} error={error} />
            ))}
        </div>
      ))}
    </>
  );
}

function StudentTable({ rows }: { rows: readonly StudentRow[] }) {
  return (
    <div className="scroll">
      <table>
        <caption>Dice: larger is better; the errors of the probabilities: smaller is better</caption>
        <HeadRow titles={['Class', 'Model', 'Dice', 'Brier score', 'Expected calibration error']} />
        <tbody>
          {rows.map(({ className, model, dice, error }) => (
            <tr key={`${className} ${model}`}>
              <td>{className}</td>
              <th scope="row">{model}</th>
              <Figure interval={dice} digits={3} />
              <Figure interval={error.brier} digits={4} />
              <Figure interval={error.ece} digits={4} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Empty where there is nothing to say: a classification has no Dice. */
function Figure({ interval, digits }: { interval: Interval | undefined; digits: number }) {
  return (
    <td className="number">
      {interval && (
        <>
          {decimal(interval.value, digits)} <small>{intervalText(interval, digits)}</small>
        </>
      )}
    </td>
  );
}
