import { join, resolve } from 'node:path';
import type { EngineByMeasurement } from '@probity/core/engines/measured-choice';
import { ProbityError } from '@probity/core/errors';
import { nearestWord } from '@probity/core/schemas/nearest-word';
import { z } from 'zod';
import { chooseForMachine, type EngineSettings, type JobSettings } from './engine-settings.js';
import { readStackFile } from './stack-file.js';
import { readTemporalSettings, type TemporalSettings } from './temporal-settings.js';
import { toolsFolder } from './tools-folder.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export type StoreSettings =
  | { readonly kind: 'directory'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly bucket: string;
      readonly accessKey: string;
      readonly secretKey: string;
      readonly region: string;
      /** Begins every key; empty or ending in a slash. */
      readonly prefix: string;
    };

export interface Settings {
  /** Absolute path of the folder that holds the embedded stack, its logs and the directory store. */
  readonly home: string;
  /** Absolute path of the folder where fetched programs and engines are kept. */
  readonly tools: string;
  readonly store: StoreSettings;
  readonly temporal: TemporalSettings;
  readonly jobs: JobSettings;
  readonly engine: EngineSettings;
  /** What a measurement says of what trains; `auto` goes by it. */
  readonly measured: EngineByMeasurement;
}

const text = z.string().trim().min(1, 'Must not be empty');
const count = z.coerce
  .number('Must be a whole number')
  .int('Must be a whole number')
  .min(1, 'Must be 1 or more')
  .max(1024);
const S3_NEEDS = [
  'PROBITY_S3_ENDPOINT',
  'PROBITY_S3_BUCKET',
  'PROBITY_S3_ACCESS_KEY',
  'PROBITY_S3_SECRET_KEY',
] as const;

const environmentSchema = z
  .object({
    PROBITY_HOME: text.optional(),
    PROBITY_STORE: z.enum(['directory', 's3'], 'Must be "directory" or "s3"').optional(),
    PROBITY_STORE_DIRECTORY: text.optional(),
    PROBITY_S3_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'Must be an address such as https://s3.example.org' })
      .optional(),
    PROBITY_S3_BUCKET: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        'Must be a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens',
      )
      .optional(),
    PROBITY_S3_ACCESS_KEY: text.optional(),
    PROBITY_S3_SECRET_KEY: text.optional(),
    PROBITY_S3_REGION: text.optional(),
    PROBITY_S3_PREFIX: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'Must be folder names between slashes')
      .optional(),
    PROBITY_JOB_SLOTS: count.optional(),
    PROBITY_JOB_THREADS: count.optional(),
    PROBITY_ENGINE: z
      .enum(
        ['auto', 'onnx', 'tensorflow', 'tensorflow-bfloat16'],
        'Must be "auto", "onnx", "tensorflow" or "tensorflow-bfloat16"',
      )
      .optional(),
    PROBITY_ONNX_DEVICE: z.enum(['cpu', 'webgpu', 'cuda'], 'Must be "cpu", "webgpu" or "cuda"').optional(),
    PROBITY_ONNX_LAYOUT: z.enum(['auto', 'plain', '8', '16'], 'Must be "auto", "plain", "8" or "16"').optional(),
    PROBITY_TOOLS: text.optional(),
  })
  .superRefine((values, context) => {
    for (const name of S3_NEEDS) {
      if (values.PROBITY_STORE === 's3' && values[name] === undefined) {
        context.addIssue({ code: 'custom', path: [name], message: 'Must be set when PROBITY_STORE is "s3"' });
      }
    }
    const named = Object.entries(values).find(([name, value]) => name.startsWith('PROBITY_S3_') && value !== undefined);
    if (values.PROBITY_STORE !== 's3' && named !== undefined) {
      context.addIssue({ code: 'custom', path: ['PROBITY_STORE'], message: `Must be "s3", since ${named[0]} is set` });
    }
    const { PROBITY_ONNX_DEVICE: device = 'cpu', PROBITY_ONNX_LAYOUT: layout = 'auto' } = values;
    if (device !== 'cpu' && layout !== 'auto') {
      const message = `Must not be set with the device "${device}": a layout is of a CPU`;
      context.addIssue({ code: 'custom', path: ['PROBITY_ONNX_LAYOUT'], message });
    }
  });
type ParsedEnvironment = z.infer<typeof environmentSchema>;

/** Read by the tools, the console and the tests; listed here so that a misspelt name is noticed. */
const READ_ELSEWHERE = [
  'PROBITY_TEMPORAL_CLI',
  'PROBITY_REQUIRE_SERVERS',
  'PROBITY_CONSOLE_HOST',
  'PROBITY_CONSOLE_PORT',
];

/**
 * Reads the settings of a process from its environment and from the stack file of its home. The only reader of
 * `process.env` for processes.
 *
 * @throws {ProbityError} `INVALID_INPUT` that lists every fault at once.
 */
export function readSettings(environment: Environment = process.env): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const faults = misspelt(given);
  if (!parsed.success) faults.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const home = resolve(given['PROBITY_HOME'] ?? '.probity');
  const temporal = collect(faults, () => readTemporalSettings(given as Record<string, string>, readStackFile(home)));
  if (faults.length > 0 || !parsed.success || temporal === undefined) {
    const list = faults.map((fault) => `  ${fault}`).join('\n');
    throw new ProbityError('INVALID_INPUT', `Cannot read the settings: ${faults.length} fault(s)\n${list}`, {
      details: { faults },
    });
  }
  const [tools, engine] = [toolsFolder(given), engineSettings(parsed.data)];
  const { PROBITY_JOB_SLOTS: slots, PROBITY_JOB_THREADS: threads } = parsed.data;
  return {
    home,
    tools,
    store: storeSettings(parsed.data, home),
    temporal,
    engine,
    ...chooseForMachine(tools, engine, { slots, threads }),
  };
}

function engineSettings({
  PROBITY_ONNX_DEVICE: device = 'cpu',
  PROBITY_ONNX_LAYOUT: layout = 'auto',
  PROBITY_ENGINE: training = 'auto',
}: ParsedEnvironment): EngineSettings {
  return { device, layout: layout === 'auto' || layout === 'plain' ? layout : Number(layout), training };
}

function storeSettings(values: ParsedEnvironment, home: string): StoreSettings {
  if (values.PROBITY_STORE !== 's3') {
    return { kind: 'directory', directory: resolve(values.PROBITY_STORE_DIRECTORY ?? join(home, 'store')) };
  }
  const prefix = values.PROBITY_S3_PREFIX ?? '';
  return {
    kind: 's3',
    endpoint: values.PROBITY_S3_ENDPOINT!,
    bucket: values.PROBITY_S3_BUCKET!,
    accessKey: values.PROBITY_S3_ACCESS_KEY!,
    secretKey: values.PROBITY_S3_SECRET_KEY!,
    region: values.PROBITY_S3_REGION ?? 'us-east-1',
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
  };
}

const withoutPrefix = (name: string): string => name.slice('PROBITY_'.length);

/** Names that are close to a setting's and are none. Names far from all of them belong to something else. */
function misspelt(given: Environment): string[] {
  const known = [...Object.keys(environmentSchema.shape), ...READ_ELSEWHERE];
  return Object.keys(given)
    .filter((name) => name.startsWith('PROBITY_') && !known.includes(name))
    .flatMap((name) => {
      // What all names begin with is no likeness.
      const meant = nearestWord(withoutPrefix(name), known.map(withoutPrefix));
      return meant === undefined ? [] : [`${name}: There is no such setting; did you mean PROBITY_${meant}?`];
    });
}

function collect<T>(faults: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProbityError)) throw error;
    faults.push(error.message);
    return undefined;
  }
}
