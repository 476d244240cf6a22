import { formatDifference, formatInterval, type RoundRow } from '@probity/core/rounds/campaign-report';
import type { StudentRow } from '@probity/core/rounds/student-report';
import type { FullReport, StudentReport } from '../campaigns/report-campaign.js';
import { formatCount, formatCounted, formatDuration } from './quantities.js';
import { renderPairs, renderTable, type Column } from './table.js';

const leftEarly: Column<RoundRow> = {
  title: 'left early',
  align: 'right',
  value: ({ leftEarlyCount }) => (leftEarlyCount === undefined ? '' : formatCount(leftEarlyCount)),
};

/** One row a round; intervals are 95 %, over groups. */
export function renderRounds(rows: readonly RoundRow[], task: 'segmentation' | 'classification'): string {
  const score = task === 'segmentation' ? 'test Dice' : 'test accuracy';
  return renderTable<RoundRow>(
    [
      { title: 'round', value: ({ round, marks }) => [String(round), ...marks].join(' ') },
      { title: score, value: (row) => formatInterval(row.score) },
      {
        title: 'against round 0',
        value: ({ difference }) => (difference === undefined ? '' : formatDifference(difference)),
      },
      { title: 'calibration error before', value: ({ eceBefore }) => formatInterval(eceBefore) },
      { title: 'after', value: ({ eceAfter }) => formatInterval(eceAfter) },
      { title: 'labelled', align: 'right', value: ({ labelledCount }) => formatCount(labelledCount) },
      { title: 'pool', align: 'right', value: ({ poolCount }) => formatCount(poolCount) },
      { title: 'accepted', align: 'right', value: ({ acceptedCount }) => formatCount(acceptedCount) },
      { title: 'ignored', align: 'right', value: ({ ignoredCount }) => formatCount(ignoredCount) },
      { title: 'set aside', align: 'right', value: ({ setAsideCount }) => formatCount(setAsideCount) },
      ...(rows.some(({ leftEarlyCount }) => leftEarlyCount !== undefined) ? [leftEarly] : []),
      { title: 'time', align: 'right', value: ({ seconds }) => formatDuration(seconds) },
    ],
    rows,
  );
}

/** The student beside its ensemble, class by class. */
export function renderStudent(report: StudentReport, task: 'segmentation' | 'classification'): string {
  const { round, score, difference, labelledCount, poolCount, rows } = report;
  const scoreName = task === 'segmentation' ? 'test Dice' : 'test accuracy';
  const table = renderTable<StudentRow>(
    [
      { title: 'class', value: ({ className }) => className },
      { title: 'model', value: ({ model }) => model },
      ...(task === 'segmentation'
        ? [{ title: 'Dice', value: ({ dice }: StudentRow) => (dice === undefined ? '' : formatInterval(dice)) }]
        : []),
      { title: 'Brier score', value: ({ error }) => formatInterval(error.brier, 4) },
      { title: 'calibration error', value: ({ error }) => formatInterval(error.ece, 4) },
    ],
    rows,
  );
  const taught = `taught by the ensemble of round ${round} on ${formatCounted(poolCount, 'pool item')}, and on ${formatCounted(labelledCount, 'labelled item')}`;
  const scores = `${scoreName} ${formatInterval(score.student)}, ${formatDifference(difference)} against the ensemble's ${formatInterval(score.ensemble)}`;
  return `Student, ${taught}: ${scores}\n${table}\nBoth on the locked test set. Ensemble: calibrated probabilities. Student: its softmax as it comes`;
}

/** @param options.probity How the reader calls this program: what is printed is there to be copied. */
export function describeReport(
  report: FullReport,
  { task, probity = 'npx probity' }: { task: 'segmentation' | 'classification'; probity?: string },
): string {
  const { id, rows, outcome, remarks, engines, versions, bestVersion, dataset, student, store, failure } = report;
  const table =
    rows.length === 0
      ? 'No round has ended yet'
      : `${renderRounds(rows, task)}\n[low, high]: 95 % interval, bootstrap over groups. Round 0 is the control arm: human labels only`;
  const published = [
    ...(versions.length > 0
      ? [
          [
            'Data set',
            `${versions.join(', ')}${bestVersion === undefined ? '' : `; the best is ${bestVersion}`}`,
          ] as const,
        ]
      : []),
    ...(versions.length > 0
      ? [
          [
            'Export',
            `${probity} dataset export ${bestVersion ?? versions[0]} --format coco --out ${dataset}-coco`,
          ] as const,
        ]
      : []),
    ...(student === undefined ? [] : [['Student', `${probity} model export ${id} --out ${id}-student`] as const]),
    ...(engines.length === 0 ? [] : [['Engine', `trained by ${engines.join(', ')}`] as const]),
    ['Store', store] as const,
  ];
  return [
    `Campaign ${id}: ${outcome}`,
    ...(failure === undefined
      ? []
      : [`Failed: ${failure.code === undefined ? '' : `${failure.code}: `}${failure.message}`]),
    '',
    table,
    ...(student === undefined ? [] : ['', renderStudent(student, task)]),
    ...remarks.map((remark) => `Note: ${remark}`),
    '',
    renderPairs(published),
  ].join('\n');
}
