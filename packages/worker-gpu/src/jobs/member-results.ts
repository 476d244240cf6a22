import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { lossPointSchema, trainedMemberSchema } from '@probity/core/schemas/round-artifacts';
import { bytesOf, floatsFrom } from '@probity/training/float-bytes';
import { createNetwork } from '@probity/training/models/network';
import type { TrainedMember } from '@probity/training/train-fold';
import { z } from 'zod';
import { findResult, once, type OnceRequest } from '../activities/once.js';

const memberRecordSchema = trainedMemberSchema.extend({
  trunkCurve: z.array(lossPointSchema),
  /** Absent: whole batches. */
  batchParts: z.int().optional(),
});
type MemberRecord = z.infer<typeof memberRecordSchema>;

/** Finished members, each a result of its own: a job that is killed does not train them again. */
export class MemberResults {
  readonly #store: ArtifactStore;
  readonly #foldHash: string;
  readonly #parameterCount: number;

  constructor(store: ArtifactStore, { foldHash, parameterCount }: { foldHash: string; parameterCount: number }) {
    this.#store = store;
    this.#foldHash = foldHash;
    this.#parameterCount = parameterCount;
  }

  #request(operatingPoint: number): OnceRequest<MemberRecord> {
    const inputs = { fold: this.#foldHash, operatingPoint };
    return { store: this.#store, step: 'member', version: 1, inputs, schema: memberRecordSchema };
  }

  async require(operatingPoint: number): Promise<MemberRecord> {
    const record = await findResult(this.#request(operatingPoint));
    if (!record) throw new Error(`Bug: member w=${operatingPoint} was trained and is not in the store`);
    return record;
  }

  async find(operatingPoint: number): Promise<TrainedMember | undefined> {
    const record = await findResult(this.#request(operatingPoint));
    return (
      record && {
        ...record,
        batchParts: record.batchParts ?? 1,
        weights: await readWeights(this.#store, record.weights, this.#parameterCount),
      }
    );
  }

  async save({ operatingPoint, weights, curve, trunkCurve, batchParts }: TrainedMember): Promise<void> {
    const bytes = bytesOf(weights);
    await once(this.#request(operatingPoint), async ({ put }) => ({
      operatingPoint,
      weights: await put('weights.f32', bytes),
      curve: [...curve],
      trunkCurve: [...trunkCurve],
      ...(batchParts > 1 && { batchParts }),
    }));
  }
}

/**
 * A member's flat weight vector.
 *
 * @param parameterCount Of the network that is to take it.
 * @throws {ProbityError} `ARTIFACT_CORRUPT` where it is not that network's.
 */
export async function readWeights(
  store: ArtifactStore,
  ref: ArtifactRef,
  parameterCount: number,
): Promise<Float32Array> {
  const bytes = await store.get(ref);
  if (bytes.length !== 4 * parameterCount) {
    const state = `${bytes.length} bytes, where the network's ${parameterCount} parameters take ${4 * parameterCount}; they are another network's, or another version of Probity wrote them`;
    throw new ProbityError('ARTIFACT_CORRUPT', `Cannot read weights "${ref.key}": ${state}`, {
      details: { key: ref.key },
    });
  }
  return floatsFrom(bytes);
}

/** Numbers that a network of a campaign learns. */
export const parameterCountOf = ({ model, input }: Pick<CampaignSpec, 'model' | 'input'>, classCount: number): number =>
  createNetwork({ model, channels: input.channels, classCount }).layout.parameterCount;
