import type { HistoryStep } from '@probity/connections/campaigns/read-history';
import { formatCounted, formatDuration } from './quantities.js';
import { renderTable } from './table.js';

/** The campaign's own words for its steps. */
const TITLES: Readonly<Record<string, string>> = {
  openCampaign: 'open campaign',
  prepareItems: 'prepare items',
  trainTrunk: 'train trunk of fold',
  trainMember: 'train member of fold',
  gatherFold: 'gather fold',
  trainFold: 'train fold',
  predictOutOfFold: 'predict out of fold',
  calibrateRound: 'calibrate',
  sweepShard: 'sweep shard',
  selectShard: 'select shard',
  gatherSelections: 'gather selections',
  publishVersion: 'publish version',
  evaluateRound: 'evaluate',
  trainStudent: 'train student',
  evaluateStudent: 'evaluate student',
};

const HASH_LENGTH = 12;

/** One line a step, and below it what went wrong. */
export function describeHistory(steps: readonly HistoryStep[]): string {
  if (steps.length === 0) return 'No step has begun yet';
  const table = renderTable<HistoryStep>(
    [
      { title: 'round', align: 'right', value: ({ round }) => (round === undefined ? '' : String(round)) },
      { title: 'step', value: titleOf },
      { title: 'state', value: ({ state, reused }) => (reused === true ? `${state}, reused` : state) },
      { title: 'attempts', align: 'right', value: ({ attempts }) => String(attempts) },
      { title: 'began', value: ({ startedAt = '' }) => startedAt.slice(11, 19) },
      { title: 'took', align: 'right', value: durationOf },
      { title: 'input hash', value: ({ inputHash }) => inputHash?.slice(0, HASH_LENGTH) ?? '' },
      { title: 'failure', value: ({ failure }) => (failure === undefined ? '' : (failure.code ?? 'unforeseen')) },
    ],
    steps,
  );
  const failures = steps.flatMap((step) =>
    step.failure === undefined
      ? []
      : [`${titleOf(step)}, round ${step.round ?? '–'}, attempt ${failedAttempt(step)}: ${step.failure.message}`],
  );
  const reused = steps.filter((step) => step.reused === true).length;
  const sum = `${formatCounted(steps.length, 'step')}, ${reused} reused, ${formatCounted(
    steps.reduce((count, { attempts }) => count + Math.max(0, attempts - 1), 0),
    'retry',
    'retries',
  )}. Times are UTC`;
  return [table, '', ...(failures.length > 0 ? [...failures, ''] : []), sum].join('\n');
}

/** `train member of fold 0, w=-1`. */
function titleOf({ name, fold, shard, operatingPoint }: HistoryStep): string {
  const title = [TITLES[name] ?? name, fold ?? shard].filter((word) => word !== undefined).join(' ');
  return operatingPoint === undefined ? title : `${title}, w=${operatingPoint}`;
}

/** A step that failed for good failed in its last attempt; of one that held, the attempt before is told. */
const failedAttempt = ({ state, attempts }: HistoryStep): number =>
  state === 'failed' ? attempts : Math.max(1, attempts - 1);

function durationOf({ startedAt, endedAt }: HistoryStep): string {
  if (startedAt === undefined || endedAt === undefined) return '';
  return formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}
