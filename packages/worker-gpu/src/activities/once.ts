import { resultFileKey, resultKey, type StepKind } from '@probity/core/artifacts/keys';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { hashJson, sha256Hex } from '@probity/connections/hash';
import { hasCode, ProbityError } from '@probity/core/errors';
import type { z } from 'zod';

export interface OnceRequest<Result> {
  readonly store: ArtifactStore;
  readonly step: StepKind;
  /** Raised when the step's meaning changes: results of the former meaning are then not found. */
  readonly version: number;
  /** Everything the result depends on, and nothing else: what is left out lets campaigns share results. */
  readonly inputs: unknown;
  readonly schema: z.ZodType<Result>;
  readonly signal?: AbortSignal;
}

/** Where a step puts the files of its result; they stand under the hash of its inputs. */
export interface ResultPlace {
  readonly inputHash: string;
  readonly put: (fileName: string, bytes: Uint8Array) => Promise<ArtifactRef>;
  readonly putJson: (fileName: string, value: unknown) => Promise<ArtifactRef>;
}

export type Once<Result> = Result & { readonly inputHash: string; readonly reused: boolean };

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/**
 * The rule of every step: nothing is computed twice, and nothing is half there. Looks for the result under the hash of
 * the inputs; else computes it, and publishes `result.json` last, after all its files.
 */
export async function once<Result extends object>(
  request: OnceRequest<Result>,
  compute: (place: ResultPlace) => Promise<Result>,
): Promise<Once<Result>> {
  const { store, step, signal } = request;
  const found = await findResult(request);
  if (found) return found;

  const inputHash = inputHashOf(request);
  const put = (fileName: string, bytes: Uint8Array) => putFile(store, { place: { step, inputHash }, fileName }, bytes);
  const result = await compute({ inputHash, put, putJson: (fileName, value) => put(fileName, encode(value)) });
  signal?.throwIfAborted();
  try {
    await store.put(resultKey(step, inputHash), encode(result), { ...(signal && { signal }) });
  } catch (error) {
    // Another attempt at the same step, on another device, was faster: there is one result, and it is the first.
    const first = isTaken(error) ? await findResult(request) : undefined;
    if (!first) throw error;
    return first;
  }
  return { ...result, inputHash, reused: false };
}

const inputHashOf = <Result>({ step, version, inputs }: OnceRequest<Result>): string =>
  hashJson({ step, version, inputs });

/** The result of a step that was published before, or `undefined`. */
export async function findResult<Result extends object>(
  request: OnceRequest<Result>,
): Promise<Once<Result> | undefined> {
  const { store, step, schema, signal } = request;
  const inputHash = inputHashOf(request);
  const found = await store.find(resultKey(step, inputHash), { ...(signal && { signal }) });
  return found && { ...(await readJson(store, found, schema)), inputHash, reused: true };
}

/**
 * An attempt that was killed may have left files of other bytes, where it ran on another device. They are not
 * overwritten, since a reader may hold their digest: this attempt's file goes beside them.
 */
async function putFile(
  store: ArtifactStore,
  { place, fileName }: { place: { step: StepKind; inputHash: string }; fileName: string },
  bytes: Uint8Array,
): Promise<ArtifactRef> {
  try {
    return await store.put(resultFileKey(place, fileName), bytes);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return store.put(resultFileKey(place, `${sha256Hex(bytes).slice(0, 12)}-${fileName}`), bytes);
  }
}

const isTaken = (error: unknown): boolean => hasCode(error, 'ARTIFACT_EXISTS');

/** Reads and parses a JSON artifact. @throws {ProbityError} `ARTIFACT_CORRUPT` where it is not what the schema says */
export async function readJson<Value>(
  store: ArtifactStore,
  ref: ArtifactRef,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const parsed = schema.safeParse(parseJson(await store.get(ref)));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const state = `${issue.path.join('.') || 'its top'}: ${issue.message}; it was written by another version of Probity or is no such file`;
  throw new ProbityError('ARTIFACT_CORRUPT', `Cannot read artifact "${ref.key}": ${state}`, {
    details: { key: ref.key },
  });
}

/** `undefined` where the bytes are no JSON: no schema takes that. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
