import { quantile } from '../metrics/quantile.js';
import { jobsByRule, type Jobs } from './job-rule.js';
import { isOnnx, type MachineMeasurement, type MeasuredRow } from './machine-measurement.js';

/** How many times as much one row does in a time as another: over the rounds, pair by pair. */
export interface SpeedRatio {
  readonly median: number;
  /** Lower quartile. */
  readonly low: number;
}

/**
 * From here on a lead is no matter of the day. What trains and with how many threads belongs to what a result is, so equal
 * machines should choose equally: what is close stays with the rule.
 */
export const CLEAR_RATIO = 1.1;

/** @param rows Of as many rounds each. */
export function speedRatio(row: MeasuredRow, against: MeasuredRow): SpeedRatio {
  const ratios = row.stepsPerSecond.map((steps, round) => steps / against.stepsPerSecond[round]!);
  const sorted = ratios.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25) };
}

/** Whether a lead is clear: large enough, and seen in three rounds of four. */
export const isClear = ({ median, low }: SpeedRatio): boolean => median >= CLEAR_RATIO && low > 1;

/**
 * The last that stands when each takes its place in turn, and only by a clear lead over who holds it.
 *
 * @param rows At least one; the first holds the place to begin with.
 */
function standing(rows: readonly MeasuredRow[]): MeasuredRow {
  return rows.reduce((holder, row) => (isClear(speedRatio(row, holder)) ? row : holder));
}

type Measured = Pick<MachineMeasurement, 'machine' | 'rows'>;

/**
 * How many jobs of an engine run side by side: as many as the rule says, another number only by a clear lead. What the memory
 * does not hold by the measured peak is left out, but for one job, which always runs.
 *
 * @returns A row of the engine, or `undefined` where it has none.
 */
export function jobsOfEngine(measured: Measured, engine: string): MeasuredRow | undefined {
  const rows = rowsThatFit(measured, engine);
  const first = rowOfRule(measured, rows);
  return first && standing([first, ...rows.filter((row) => row !== first)]);
}

/** Of one engine, fewest jobs first. */
const rowsThatFit = ({ machine, rows }: Measured, engine: string): MeasuredRow[] =>
  rows
    .filter((row) => row.engine === engine)
    .filter(({ slots, peakBytes }) => slots === 1 || slots * peakBytes <= machine.memoryBytes)
    .toSorted((a, b) => a.slots - b.slots);

/** The row of as many jobs as the rule says, or of the next fewer that was measured. @param rows Of one engine, fewest jobs first. */
export function rowOfRule(
  { machine }: Pick<Measured, 'machine'>,
  rows: readonly MeasuredRow[],
): MeasuredRow | undefined {
  const byRule = jobsByRule(machine).slots;
  return rows.findLast(({ slots }) => slots <= byRule) ?? rows[0];
}

/** Engines that were measured: ONNX first, the others in the order of the measurement. */
export function measuredEngines({ rows }: Pick<Measured, 'rows'>): string[] {
  const names = [...new Set(rows.map(({ engine }) => engine))];
  return names.toSorted((a, b) => Number(isOnnx(b)) - Number(isOnnx(a)));
}

export interface MeasuredChoice extends Jobs {
  readonly engine: string;
}

/**
 * What trains where nobody asked for an engine, and with how many jobs: ONNX, another engine only by a clear lead, each with
 * the number of jobs that suits it.
 */
export function chooseByMeasurement(measured: Measured): MeasuredChoice {
  const { engine, slots, threads } = standing(bestRows(measured));
  return { engine, slots, threads };
}

/** Each engine with the number of jobs that suits it, ONNX first. */
const bestRows = (measured: Measured): MeasuredRow[] =>
  measuredEngines(measured).flatMap((engine) => jobsOfEngine(measured, engine) ?? []);

/** What a measurement says of what trains, for whoever makes the engine. */
export type EngineByMeasurement =
  | {
      readonly state: 'usable';
      /** What was chosen and why. */
      readonly sentence: string;
      readonly engine: string;
      /** Every engine that was measured. */
      readonly measured: readonly string[];
    }
  /** `sentence`: why there is none to go by. */
  | { readonly state: 'absent' | 'ignored'; readonly sentence: string };

/** Why the engine was chosen, in a part of a sentence. */
export function explainEngine(measured: Measured): string {
  const { engine } = chooseByMeasurement(measured);
  const [onnx, ...others] = bestRows(measured);
  if (others.length === 0) return `${engine} is the only engine that was measured`;
  return explainLead({ chosen: engine, holder: onnx!, rivals: others, titleOf: (row) => row.engine });
}

/** Why an engine has its number of jobs, in a part of a sentence. @param engine One that was measured. */
export function explainJobs(measured: Measured, engine: string): string {
  const rows = rowsThatFit(measured, engine);
  const holder = rowOfRule(measured, rows)!;
  const rivals = rows.filter((row) => row !== holder);
  if (rivals.length === 0) return 'no other number was measured';
  const titleOf = ({ slots }: MeasuredRow) => (slots === 1 ? '1 job' : `${slots} jobs`);
  return explainLead({ chosen: titleOf(jobsOfEngine(measured, engine)!), holder, rivals, titleOf });
}

function explainLead({
  chosen,
  holder,
  rivals,
  titleOf,
}: {
  chosen: string;
  holder: MeasuredRow;
  rivals: readonly MeasuredRow[];
  titleOf: (row: MeasuredRow) => string;
}): string {
  const lead = (row: MeasuredRow, than: string) => {
    const { median, low } = speedRatio(row, holder);
    return `${median.toFixed(2)} times ${than}, lower quartile ${low.toFixed(2)}`;
  };
  const ahead = rivals.find((row) => titleOf(row) === chosen);
  if (ahead) return `clear lead over ${titleOf(holder)} (${lead(ahead, 'its steps')})`;
  return rivals.map((row) => `${titleOf(row)} has no clear lead (${lead(row, 'the steps')})`).join(', ');
}
