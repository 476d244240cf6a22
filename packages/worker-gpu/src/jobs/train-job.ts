import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import type { CampaignPlan, TrainedFold } from '@probity/core/schemas/round-artifacts';
import type { TrainFoldRequest, TrainFoldResult, JobAnswer } from '@probity/core/schemas/steps';
import type { CreateBatchSource } from '@probity/training/augmentation/batch-source';
import { countingWaits, type WaitingBatchSource } from '@probity/training/augmentation/counting-waits';
import { threadedBatchSource } from '@probity/training/augmentation/threaded-batch-source';
import type { Engine } from '@probity/training/engine/engine';
import { trainFold } from '@probity/training/train-fold';
import { z } from 'zod';
import { once } from '../activities/once.js';
import { dropCheckpoints } from './checkpoints.js';
import { createJobTrainingHooks, type JobTrainingHooks } from './job-training-hooks.js';
import { readCampaign } from './known-campaign.js';
import type { JobContext } from './job-context.js';
import { MemberResults, parameterCountOf } from './member-results.js';
import { readItems, trainsFold } from './training-items.js';

const trainResultSchema = z.object({ fold: artifactRefSchema, memberCount: z.int(), stepsTotal: z.int() });

/** Trains the members of one fold, from the newest checkpoint and without those that are finished. */
export async function trainJob(request: TrainFoldRequest, context: JobContext): Promise<JobAnswer<TrainFoldResult>> {
  const { store, engine: predictingEngine, batchParts, createBatches = threadedBatchSource } = context;
  const { engine, passedOver } = await context.trainingEngine();
  const engines = { engine, predictingEngine };
  const { spec, round, fold } = request;
  const { plan, classes } = await readCampaign(store, request.plan);
  const inputs = inputsOf(request, { plan, classCount: classes.length, engine });

  let hooks: JobTrainingHooks | undefined;
  let batches: WaitingBatchSource | undefined;
  const countedBatches: CreateBatchSource = (wanted) =>
    (batches = countingWaits(createBatches(wanted), () => performance.now()));
  const result = await once(
    { store, step: 'train-fold', version: 1, inputs, schema: trainResultSchema },
    async ({ inputHash, putJson }) => {
      const items = await readItems(store, request.packs, trainsFold(plan, fold));
      const members = new MemberResults(store, {
        foldHash: inputHash,
        parameterCount: parameterCountOf(spec, classes.length),
      });
      hooks = createJobTrainingHooks(context, {
        inputHash,
        place: { round, fold },
        title: `Round ${round}, fold ${fold}`,
        batchSize: spec.training.batchSize,
      });
      const trained = await trainFold(
        { spec, fold, classCount: classes.length, items, ...engines, batchParts, createBatches: countedBatches },
        {
          ...hooks,
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
        ...(passedOver !== undefined && { passedOver }),
        trunkCurve: [...trained.trunkCurve],
        members: records.map(({ operatingPoint, weights, curve }) => ({ operatingPoint, weights, curve })),
        stepsTotal: trained.stepsTotal,
        ...(trained.batchParts > 1 && { batchParts: trained.batchParts }),
      } satisfies TrainedFold);
      return { fold: published, memberCount: records.length, stepsTotal: trained.stepsTotal };
    },
  );
  await dropCheckpoints(store, result.inputHash);
  return {
    ...result,
    stepsRun: hooks?.stepsRun ?? 0,
    waitedMilliseconds: Math.round(batches?.waitedMilliseconds ?? 0),
  };
}

/** Everything that the members of a fold depend on. */
function inputsOf(
  { spec, packs, fold, restart }: TrainFoldRequest,
  { plan, classCount, engine }: { plan: CampaignPlan; classCount: number; engine: Engine },
) {
  const { checkpointEverySteps: _, ...training } = spec.training;
  return {
    packs: packs.sha256,
    folds: plan.folds.sha256,
    classCount,
    fold,
    restart,
    seed: spec.seed,
    model: spec.model,
    training,
    ensemble: spec.ensemble,
    engine: engine.name,
  };
}
