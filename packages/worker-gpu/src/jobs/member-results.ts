import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { lossPointSchema, trainedMemberSchema } from '@probity/core/schemas/round-artifacts';
import { bytesOf, floatsFrom } from '@probity/training/float-bytes';
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

  constructor(store: ArtifactStore, foldHash: string) {
    this.#store = store;
    this.#foldHash = foldHash;
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
        weights: await readWeights(this.#store, record.weights),
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

/** A member's flat weight vector. */
export async function readWeights(store: ArtifactStore, ref: ArtifactRef): Promise<Float32Array> {
  return floatsFrom(await store.get(ref));
}
