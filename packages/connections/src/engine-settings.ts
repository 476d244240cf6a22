import { jobsByRule, threadsEach, type Capacity, type Jobs } from '@probity/core/engines/job-rule';
import { isOnnx, type MachineMeasurement } from '@probity/core/engines/machine-measurement';
import {
  chooseByMeasurement,
  explainEngine,
  explainJobs,
  jobsOfEngine,
  measuredEngines,
  type EngineByMeasurement,
} from '@probity/core/engines/measured-choice';
import { describeSurroundings, readMeasurement, type KnownMeasurement } from './machine-measurement.js';

export interface EngineSettings {
  /** What onnxruntime computes on. */
  readonly device: 'cpu' | 'webgpu' | 'cuda';
  /** How images lie in memory: as the machine likes it, plain, or in blocks of so many channels. */
  readonly layout: 'auto' | 'plain' | number;
  /**
   * What trains; ONNX predicts in any case. `auto`: what a measurement says, else TensorFlow where its build for GPUs finds one, else
   * ONNX. `tensorflow-bfloat16`: TensorFlow with its convolutions in bfloat16, which is never chosen without being asked for.
   */
  readonly training: 'auto' | 'onnx' | 'tensorflow' | 'tensorflow-bfloat16';
}

export interface JobSettings extends Jobs {
  /** Why so many, in a sentence. */
  readonly reason: string;
}

/** What the environment says of jobs, as far as it does. */
export interface AskedJobs {
  readonly slots?: number | undefined;
  readonly threads?: number | undefined;
}

/** How many jobs run on this machine, and what `auto` trains with: by a measurement where it holds, else by rule. */
export function chooseForMachine(
  tools: string,
  engine: EngineSettings,
  asked: AskedJobs = {},
): { readonly jobs: JobSettings; readonly measured: EngineByMeasurement } {
  const surroundings = describeSurroundings(tools, engine);
  const known = readMeasurement(tools, surroundings);
  return { jobs: jobSettings(asked, { engine, machine: surroundings.machine, known }), measured: byMeasurement(known) };
}

/** What was asked for; else what was measured for the engine that is to train; else the rule. */
function jobSettings(
  { slots, threads }: AskedJobs,
  { engine, machine, known }: { engine: EngineSettings; machine: Capacity; known: KnownMeasurement },
): JobSettings {
  if (slots !== undefined) {
    return { slots, threads: threads ?? threadsEach(machine.cores, slots), reason: 'as asked for' };
  }
  if (threads !== undefined) return { slots: threadsEach(machine.cores, threads), threads, reason: 'as asked for' };
  if (known.state !== 'usable') return { ...jobsByRule(machine), reason: 'by rule' };
  const { measurement, sentence } = known;
  const name = engineToTrain(engine.training, measurement);
  const row = jobsOfEngine(measurement, name);
  if (row === undefined) return { ...jobsByRule(machine), reason: `by rule; ${name} was not measured` };
  return { slots: row.slots, threads: row.threads, reason: `${sentence}: ${explainJobs(measurement, name)}` };
}

function engineToTrain(wanted: EngineSettings['training'], measurement: MachineMeasurement): string {
  switch (wanted) {
    case 'auto':
      return chooseByMeasurement(measurement).engine;
    case 'onnx':
      return measuredEngines(measurement).find(isOnnx)!;
    case 'tensorflow':
    case 'tensorflow-bfloat16': // not measured by itself; as many jobs do in both
      return measurement.engines.libraries.some((library) => library.startsWith('tensorflow-gpu '))
        ? 'tensorflow-gpu'
        : 'tensorflow-cpu';
  }
}

function byMeasurement(known: KnownMeasurement): EngineByMeasurement {
  if (known.state !== 'usable') return known;
  const { measurement, sentence } = known;
  return {
    state: 'usable',
    sentence: `${sentence}: ${explainEngine(measurement)}`,
    engine: chooseByMeasurement(measurement).engine,
    measured: measuredEngines(measurement),
  };
}
