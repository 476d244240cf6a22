import { resultFileKey, resultKey, type StepKind } from '@probity/core/artifacts/keys';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { hashJson } from '@probity/connections/hash';
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
  put(fileName: string, bytes: Uint8Array): Promise<ArtifactRef>;
  putJson(fileName: string, value: unknown): Promise<ArtifactRef>;
}

export type Once<Result> = Result & { readonly inputHash: string; readonly reused: boolean };

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
export const decodeJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/**
 * The rule of every step: nothing is computed twice, and nothing is half there. Looks for the result under the hash of
 * the inputs; else computes it, and publishes `result.json` last, after all its files.
 */
export async function once<Result extends object>(
  request: OnceRequest<Result>,
  compute: (place: ResultPlace) => Promise<Result>,
): Promise<Once<Result>> {
  const { store, step, version, inputs, schema, signal } = request;
  const options = { ...(signal && { signal }) };
  const inputHash = hashJson({ step, version, inputs });
  const key = resultKey(step, inputHash);
  const found = await store.find(key, options);
  if (found) return { ...schema.parse(decodeJson(await store.get(found, options))), inputHash, reused: true };

  const put = (fileName: string, bytes: Uint8Array) =>
    store.put(resultFileKey({ step, inputHash }, fileName), bytes, options);
  const result = await compute({ inputHash, put, putJson: (fileName, value) => put(fileName, encode(value)) });
  await store.put(key, encode(result), options);
  return { ...result, inputHash, reused: false };
}

/** Reads and parses a JSON artifact. */
export async function readJson<Value>(
  store: ArtifactStore,
  ref: ArtifactRef,
  schema: z.ZodType<Value>,
): Promise<Value> {
  return schema.parse(decodeJson(await store.get(ref)));
}
