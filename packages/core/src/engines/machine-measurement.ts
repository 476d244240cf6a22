import { z } from 'zod';

/** The command that measures a machine anew. */
export const MEASURE_COMMAND = 'probity engine measure';

/** The file of a measurement, within the tools folder. */
export const MEASUREMENT_FILE = 'machine-measurement.json';

/** What the speed of an engine depends on, as far as a program can tell. */
export const measuredMachineSchema = z.object({
  processor: z.string(),
  cores: z.int().min(1),
  /** The machine's, or what its container is given. */
  memoryBytes: z.int().min(1),
  /** `<process.platform>-<process.arch>` */
  platform: z.string(),
  /** The widest instructions that the libraries know how to use; absent where the system does not say. */
  instructions: z.string().optional(),
  /** How many NVIDIA devices the system shows. */
  nvidiaDevices: z.int().min(0),
});
export type MeasuredMachine = z.infer<typeof measuredMachineSchema>;

/** What computes on a machine, and how it was told to. */
export const measuredEnginesSchema = z.object({
  /** Every library that is installed, with its version, whether it could be used or not: `onnxruntime 1.30.0`. */
  libraries: z.array(z.string()),
  onnxDevice: z.enum(['cpu', 'webgpu', 'cuda']),
  onnxLayout: z.union([z.enum(['auto', 'plain']), z.int()]),
});
export type MeasuredEngines = z.infer<typeof measuredEnginesSchema>;

/** Some jobs side by side, each training a network of its own on the same engine. */
export const measuredRowSchema = z.object({
  /** E.g. `onnx-cpu`. */
  engine: z.string(),
  slots: z.int().min(1),
  /** Of each job. */
  threads: z.int().min(1),
  /** Training steps a second, all jobs together; one number a round, in the order of the rounds. */
  stepsPerSecond: z.array(z.number().positive()).min(1),
  /** The most memory that one of the jobs held. */
  peakBytes: z.int().min(0),
});
export type MeasuredRow = z.infer<typeof measuredRowSchema>;

/** What `probity engine measure` found out: facts only. What follows from them is `measured-choice.ts`. */
export const machineMeasurementSchema = z
  .object({
    schemaVersion: z.literal(1),
    measuredAt: z.iso.datetime(),
    machine: measuredMachineSchema,
    engines: measuredEnginesSchema,
    /** The share of the machine's cores that others held meanwhile. */
    heldByOthers: z.number().min(0).max(1),
    /** One job of ONNX at least; rows of one round stand beside each other and are compared as pairs. */
    rows: z.array(measuredRowSchema).min(1),
    /** What could not be measured and why, in sentences. */
    failures: z.array(z.string()),
  })
  .refine(({ rows }) => new Set(rows.map(({ stepsPerSecond }) => stepsPerSecond.length)).size === 1, {
    path: ['rows'],
    message: 'Must all have as many rounds',
  })
  .refine(({ rows }) => rows.some(({ engine, slots }) => isOnnx(engine) && slots === 1), {
    path: ['rows'],
    message: 'Must have one job of ONNX',
  });
export type MachineMeasurement = z.infer<typeof machineMeasurementSchema>;

export const isOnnx = (engine: string): boolean => engine.startsWith('onnx-');

/**
 * From here on figures tell how the system shares its cores out, and engines differ in how they bear that: a lead of more than
 * twice was seen where there is none on an idle machine.
 */
const HELD_BY_OTHERS_MAX = 0.2;

/** Whether others kept the machine too busy for figures to mean anything. */
export const wasBusy = ({ heldByOthers }: Pick<MachineMeasurement, 'heldByOthers'>): boolean =>
  heldByOthers > HELD_BY_OTHERS_MAX;

/** Kernels keep more or less for themselves from start to start. */
const MEMORY_DIFFERENCE_MAX = 0.05;

/**
 * In what a machine, its engines and its settings differ from those that were measured, in sentences; nothing where the
 * measurement holds for them.
 */
export function differencesFrom(
  measured: Pick<MachineMeasurement, 'machine' | 'engines'>,
  now: Pick<MachineMeasurement, 'machine' | 'engines'>,
): string[] {
  const [before, after] = [measured.machine, now.machine];
  const pairs: readonly (readonly [what: string, before: string | number, after: string | number])[] = [
    ['processor', before.processor, after.processor],
    ['cores', before.cores, after.cores],
    ['platform', before.platform, after.platform],
    ['instructions', before.instructions ?? 'unknown', after.instructions ?? 'unknown'],
    ['NVIDIA devices', before.nvidiaDevices, after.nvidiaDevices],
    ['libraries', measured.engines.libraries.join(', '), now.engines.libraries.join(', ')],
    ['PROBITY_ONNX_DEVICE', measured.engines.onnxDevice, now.engines.onnxDevice],
    ['PROBITY_ONNX_LAYOUT', measured.engines.onnxLayout, now.engines.onnxLayout],
  ];
  const differing = pairs
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `${what} ${is}, measured ${was}`);
  const memory = Math.abs(after.memoryBytes - before.memoryBytes) / before.memoryBytes;
  if (memory <= MEMORY_DIFFERENCE_MAX) return differing;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  return [...differing, `memory ${gigabytes(after.memoryBytes)} GB, measured ${gigabytes(before.memoryBytes)} GB`];
}
