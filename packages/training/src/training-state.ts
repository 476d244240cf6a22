import { ProbityError } from '@probity/core/errors';
import type { TrainingSpec } from '@probity/core/schemas/campaign-spec';
import { stateNames } from '@probity/tfjs-graph/training-step';
import { bytesOf, floatsFrom } from './float-bytes.js';
import { EMPTY_HISTORY, type LossHistory, type LossPoint } from './loss-history.js';

/** Weights, optimiser slots and weight average of a network in training: name → flat vector. */
export type TrainingState = Readonly<Record<string, Float32Array>>;

export const stateVectorNames = ({
  optimiser,
  weightAverage,
}: Pick<TrainingSpec, 'optimiser' | 'weightAverage'>): readonly string[] =>
  stateNames({ optimiser, ...(weightAverage.kind === 'exponential' && { weightAverageDecay: weightAverage.decay }) });

/** The weights, and every other vector at zero: the weight average is corrected for that when it is read. */
export function initialState(spec: TrainingSpec, weights: Float32Array): TrainingState {
  const vectorOf = (name: string) =>
    name === 'weights' ? Float32Array.from(weights) : new Float32Array(weights.length);
  return Object.fromEntries(stateVectorNames(spec).map((name) => [name, vectorOf(name)]));
}

/**
 * The weights to predict with: the last ones, or their exponential average. An average that began at zero is too small by
 * 1 − decay^steps (Kingma and Ba 2015, arXiv 1412.6980, section 3); one that began at the initial weights would hold on to
 * them for 1 / (1 − decay) steps.
 *
 * @param stepsDone At least 1.
 */
export function predictingWeights(
  state: TrainingState,
  { weightAverage }: Pick<TrainingSpec, 'weightAverage'>,
  stepsDone: number,
): Float32Array {
  if (weightAverage.kind === 'none') return state['weights']!;
  const correction = 1 - weightAverage.decay ** stepsDone;
  return state['average']!.map((weight) => weight / correction);
}

/** Everything a training job needs to go on to the very same weights. */
export interface Checkpoint {
  /** Steps done of the schedule; a member begins at the trunk's last. */
  readonly step: number;
  readonly curve: readonly LossPoint[];
  /** Losses since the curve's last point. */
  readonly pending: Pick<LossHistory, 'sum' | 'count'>;
  /** Into how many parts batches were cut; 1: whole batches. */
  readonly batchParts: number;
  readonly state: TrainingState;
}

/** The loss curve as it was at a checkpoint; an empty one before the first. */
export const historyOf = (checkpoint: Checkpoint | undefined): LossHistory =>
  checkpoint ? { ...checkpoint.pending, points: checkpoint.curve } : EMPTY_HISTORY;

/** Its number grows whenever what is stored can no longer be read; a checkpoint of another number is not read. */
const MAGIC = 'PROBITY-CHECKPOINT-3';

interface Header extends Omit<Checkpoint, 'state'> {
  readonly magic: string;
  readonly parameterCount: number;
  readonly vectors: readonly string[];
}

/** A JSON header, its length before it, and the vectors behind it as little-endian float32. */
export function encodeCheckpoint({ state, ...rest }: Checkpoint): Uint8Array {
  const parameterCount = state['weights']!.length;
  const header: Header = { magic: MAGIC, ...rest, parameterCount, vectors: Object.keys(state) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const vectors = Object.values(state);
  const bytes = new Uint8Array(4 + text.length + vectors.length * parameterCount * 4);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  vectors.forEach((vector, i) => bytes.set(bytesOf(vector), 4 + text.length + i * parameterCount * 4));
  return bytes;
}

/**
 * @param key Where the bytes stand, for the message.
 * @throws {ProbityError} `ARTIFACT_CORRUPT` when the bytes are no checkpoint or end early.
 */
export function decodeCheckpoint(bytes: Uint8Array, key: string): Checkpoint {
  const { magic, parameterCount, vectors, ...rest } = readHeader(bytes, key);
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (magic !== MAGIC || bytes.length !== start + vectors.length * parameterCount * 4)
    throw corrupt(key, 'it is none, it ends early, or another version of Probity wrote it');
  const vector = (i: number) =>
    floatsFrom(bytes.subarray(start + i * parameterCount * 4, start + (i + 1) * parameterCount * 4));
  return { ...rest, state: Object.fromEntries(vectors.map((name, i) => [name, vector(i)])) };
}

function readHeader(bytes: Uint8Array, key: string): Header {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + length))) as Header;
  } catch (cause) {
    throw corrupt(key, 'its header is damaged', cause);
  }
}

const corrupt = (key: string, state: string, cause?: unknown): ProbityError =>
  new ProbityError('ARTIFACT_CORRUPT', `Cannot read checkpoint "${key}": ${state}`, { details: { key }, cause });
