import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { artifactRefSchema, type ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { lossPointSchema, trainedMemberSchema } from '@probity/core/schemas/round-artifacts';
import type { TrainFoldRequest, TrainFoldResult, JobAnswer } from '@probity/core/schemas/steps';
import { bytesOf, floatsFrom } from '@probity/training/float-bytes';
import { trainFold, type FoldProgress, type TrainedMember } from '@probity/training/train-fold';
import { z } from 'zod';
import { findResult, once, type OnceRequest } from '../activities/once.js';
import { dropCheckpoints, newestCheckpoint, saveCheckpoint } from './checkpoints.js';
import { readCampaign } from './known-campaign.js';
import type { JobContext } from './run-job.js';
import { readItems, trainsFold } from './training-items.js';

const trainResultSchema = z.object({ fold: artifactRefSchema, memberCount: z.int(), stepsTotal: z.int() });
const memberRecordSchema = trainedMemberSchema.extend({ trunkCurve: z.array(lossPointSchema) });
type MemberRecord = z.infer<typeof memberRecordSchema>;

/** Trains the members of one fold, from the newest checkpoint and without those that are finished. */
export async function trainJob(
  request: TrainFoldRequest,
  { store, engine, report, createBatches }: JobContext,
): Promise<JobAnswer<TrainFoldResult>> {
  const { spec, round, fold, restart } = request;
  const { plan, classes } = await readCampaign(store, request.plan);
  const { checkpointEverySteps: _, ...training } = spec.training;
  const inputs = {
    packs: request.packs.sha256,
    folds: plan.folds.sha256,
    classCount: classes.length,
    fold,
    restart,
    seed: spec.seed,
    model: spec.model,
    training,
    ensemble: spec.ensemble,
    engine: engine.name,
  };

  let stepsRun = 0;
  const result = await once(
    { store, step: 'train-fold', version: 1, inputs, schema: trainResultSchema },
    async ({ inputHash, putJson }) => {
      const items = await readItems(store, request.packs, trainsFold(plan, fold));
      const members = new MemberResults(store, inputHash);
      const speed = createSpeedometer();
      const trained = await trainFold(
        { spec, fold, classCount: classes.length, items, engine, ...(createBatches && { createBatches }) },
        {
          report: (progress) => {
            stepsRun++;
            report({
              job: 'train',
              round,
              fold,
              unit: 'steps',
              perSecond: speed(progress),
              ...progress,
              curve: [...progress.curve],
            });
          },
          loadCheckpoint: () => newestCheckpoint(store, inputHash),
          saveCheckpoint: (bytes, done) => saveCheckpoint(store, { inputHash, done }, bytes),
          findMember: (operatingPoint) => members.find(operatingPoint),
          saveMember: (member) => members.save(member),
        },
      );
      const records = await Promise.all(
        spec.ensemble.operatingPoints.map((operatingPoint) => members.require(operatingPoint)),
      );
      const published = await putJson('fold.json', {
        schemaVersion: 1,
        fold,
        engine: engine.name,
        trunkCurve: trained.trunkCurve,
        members: records.map(({ operatingPoint, weights, curve }) => ({ operatingPoint, weights, curve })),
        stepsTotal: trained.stepsTotal,
      });
      return { fold: published, memberCount: records.length, stepsTotal: trained.stepsTotal };
    },
  );
  await dropCheckpoints(store, result.inputHash);
  return { ...result, stepsRun };
}

/** Finished members, each a result of its own: a job that is killed does not train them again. */
class MemberResults {
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
    return record && { ...record, weights: await readWeights(this.#store, record.weights) };
  }

  async save({ operatingPoint, weights, curve, trunkCurve }: TrainedMember): Promise<void> {
    const bytes = bytesOf(weights);
    await once(this.#request(operatingPoint), async ({ put }) => ({
      operatingPoint,
      weights: await put('weights.f32', bytes),
      curve: [...curve],
      trunkCurve: [...trunkCurve],
    }));
  }
}

/** A member's flat weight vector. */
export async function readWeights(store: ArtifactStore, ref: ArtifactRef): Promise<Float32Array> {
  return floatsFrom(await store.get(ref));
}

/** Steps a second since the job began to train; a resumed job does not count what was done before. */
function createSpeedometer(): (progress: FoldProgress) => number {
  let start: { at: number; done: number } | undefined;
  return ({ done }) => {
    start ??= { at: performance.now(), done };
    const seconds = (performance.now() - start.at) / 1000;
    return seconds === 0 ? 0 : (done - start.done) / seconds;
  };
}
