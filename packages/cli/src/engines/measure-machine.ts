import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { EngineSettings } from '@probity/connections/engine-settings';
import { describeSurroundings } from '@probity/connections/machine-measurement';
import { repositoryRoot } from '@probity/connections/tools-folder';
import { slotsToMeasure, threadsEach, type Jobs } from '@probity/core/engines/job-rule';
import {
  wasBusy,
  type MachineMeasurement,
  type MeasuredMachine,
  type MeasuredRow,
} from '@probity/core/engines/machine-measurement';
import type { EngineOrder, MeasuredJobOrder } from '@probity/core/engines/measured-job';
import { TENSORFLOW_DEVICES, tensorFlowFolderName } from '@probity/core/engines/tensorflow-installation';
import { ProbityError } from '@probity/core/errors';
import { requireSpec } from '@probity/core/schemas/fill-spec';
import { formatShare } from '../print/quantities.js';
import { CrewFailure, measureCrew, type CrewResult } from './measured-crew.js';
import { processorTime, shareHeldByOthers } from './processor-time.js';

/** Enough for quartiles. */
const ROUNDS = 5;
/** Some ten steps of a job on an ordinary core. */
const SECONDS = 2;

const PROGRAM = join(repositoryRoot, 'packages/training/dist/measuring/measured-job.js');

export interface MeasureOptions {
  readonly tools: string;
  readonly engine: Pick<EngineSettings, 'device' | 'layout'>;
  readonly environment: NodeJS.ProcessEnv;
  /** Called with what is being done, for people who wait. */
  readonly onProgress?: (line: string) => void;
  /** The network of a campaign whose file names none, unless told. */
  readonly spec?: MeasuredJobOrder['spec'];
  readonly rounds?: number;
  /** How long each row trains in each round. */
  readonly seconds?: number;
}

/** What a campaign trains whose file does not say otherwise. */
const defaultNetwork = (): MeasuredJobOrder['spec'] =>
  requireSpec({ name: 'measured', dataset: 'noise', split: { test: 1 } });

/** Some jobs side by side on one engine, and how they fared. */
interface Contender extends Jobs {
  readonly order: EngineOrder;
  readonly runs: CrewResult[];
  /** Why it takes no part any more. */
  fault?: string | undefined;
}

/**
 * Measures every engine that is installed, each with several numbers of jobs side by side: all of them in every round, and in
 * turned order in every second one, so that whatever else the machine does hits all of them alike.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where not even one job of ONNX trains.
 */
export async function measureMachine(options: MeasureOptions): Promise<MachineMeasurement> {
  const { tools, engine, rounds = ROUNDS, seconds = SECONDS, spec = defaultNetwork(), onProgress = () => {} } = options;
  const surroundings = describeSurroundings(tools, engine);
  const { machine } = surroundings;
  const orders = engineOrders(options);
  const contenders = slotsToMeasure(machine).flatMap((slots) =>
    orders.map((order): Contender => ({ order, slots, threads: threadsEach(machine.cores, slots), runs: [] })),
  );
  onProgress(`${contenders.length} rows, ${rounds} rounds: a minute or two on a machine that does nothing else …`);
  const others = await shareHeldNow(machine.cores);
  if (wasBusy({ heldByOthers: others })) {
    onProgress(`Others hold ${formatShare(others)} of the cores now. If that goes on, nothing of this is kept …`);
  }
  const before = processorTime();
  for (let round = 0; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      contender.fault ??= faultBefore(contender, { contenders, machine });
      if (contender.fault !== undefined) continue;
      const outcome = await run(contender, { ...options, seconds, spec });
      onProgress(`Round ${round + 1} of ${rounds}: ${titleOf(contender)}: ${outcome}`);
    }
  }
  const ours = contenders.flatMap(({ runs }) => runs).reduce((sum, result) => sum + result.processorMilliseconds, 0);
  const heldByOthers = shareHeldByOthers({ before, after: processorTime() }, { ours, cores: machine.cores });
  const measuredAt = new Date().toISOString();
  const rows = contenders.filter(({ fault }) => fault === undefined).map(rowOf);
  const failures = contenders.flatMap((each) => (each.fault === undefined ? [] : [`${titleOf(each)}: ${each.fault}`]));
  return { schemaVersion: 1, measuredAt, ...surroundings, heldByOthers, rows, failures };
}

/** Looks for a second. */
async function shareHeldNow(cores: number): Promise<number> {
  const before = processorTime();
  await wait(1000);
  return shareHeldByOthers({ before, after: processorTime() }, { ours: 0, cores });
}

/** ONNX first, as the one that others are compared with. */
function engineOrders({ tools, engine: { device, layout } }: MeasureOptions): EngineOrder[] {
  const builds = TENSORFLOW_DEVICES.map((build) => ({
    device: build,
    folder: join(tools, tensorFlowFolderName(build)),
  }));
  const installed = builds.filter(({ folder }) => existsSync(folder));
  return [
    { library: 'onnxruntime', device, layout, tools },
    ...installed.map((build) => ({ library: 'tensorflow' as const, ...build })),
  ];
}

/** Why a contender cannot run, by what is known of its engine. */
function faultBefore(
  { order, slots }: Contender,
  { contenders, machine }: { contenders: readonly Contender[]; machine: MeasuredMachine },
): string | undefined {
  const own = contenders.filter((other) => other.order === order);
  if (slots > 1 && own.some((other) => other.slots === 1 && other.fault !== undefined)) return 'one job alone fails';
  const peak = Math.max(0, ...own.flatMap(({ runs }) => runs.map(({ peakBytes }) => peakBytes)));
  if (slots === 1 || slots * peak <= machine.memoryBytes) return undefined;
  return `a job takes ${(peak / 1e9).toFixed(1)} GB, and so many do not fit into the memory`;
}

/** Runs one contender of a round. @returns What came of it, in a few words. */
async function run(
  contender: Contender,
  {
    environment,
    seconds,
    spec,
  }: Pick<MeasureOptions, 'environment'> & { seconds: number; spec: MeasuredJobOrder['spec'] },
): Promise<string> {
  const { order, slots, threads, runs } = contender;
  try {
    const result = await measureCrew(
      { engine: order, threads, spec },
      { program: PROGRAM, environment, slots, seconds },
    );
    runs.push(result);
    return `${result.stepsPerSecond.toFixed(2)} steps/s`;
  } catch (error) {
    if (!(error instanceof CrewFailure)) throw error;
    if (order.library === 'onnxruntime' && slots === 1) throw withoutOnnx(error);
    contender.fault = error.message;
    return `left out: ${error.message}`;
  }
}

const withoutOnnx = (cause: CrewFailure): ProbityError =>
  new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot measure this machine: a job of ONNX does not train: ${cause.message}`,
    {
      cause,
    },
  );

const rowOf = ({ slots, threads, runs }: Contender): MeasuredRow => ({
  engine: runs[0]!.engine,
  slots,
  threads,
  stepsPerSecond: runs.map(({ stepsPerSecond }) => stepsPerSecond),
  peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
});

function titleOf({ order, slots, threads, runs }: Contender): string {
  const engine = runs[0]?.engine ?? `${order.library}-${order.device}`;
  return `${engine}, jobs: ${slots}, threads of each: ${threads}`;
}
