import type { StepKind } from '@probity/core/artifacts/keys';
import type { TrainTrunkRequest } from '@probity/core/schemas/steps';
import type { CreateBatchSource } from '@probity/training/augmentation/batch-source';
import { countingWaits, type WaitingBatchSource } from '@probity/training/augmentation/counting-waits';
import { threadedBatchSource } from '@probity/training/augmentation/threaded-batch-source';
import type { FoldRequest } from '@probity/training/train-fold';
import type { TrainedNetwork } from '@probity/training/train-network';
import type { TrainingHooks } from '@probity/training/training-hooks';
import type { z } from 'zod';
import { once, type Once, type ResultPlace } from '../activities/once.js';
import { dropCheckpoints } from './checkpoints.js';
import { createJobTrainingHooks, type JobTrainingHooks } from './job-training-hooks.js';
import type { JobContext } from './job-context.js';
import { readCampaign } from './known-campaign.js';
import { trainingMeans } from './training-means.js';
import { readItems, trainsFold } from './training-items.js';

/** What a trunk and a member have in common as results. */
export interface PartOfFold<Trained, Result> {
  readonly step: StepKind;
  /** What it depends on beyond what all parts of its fold do. */
  readonly inputs: object;
  /** For log and progress: `trunk`, or the member's operating point, e.g. `w=-1`. */
  readonly name: string;
  readonly stepsTotal: number;
  readonly schema: z.ZodType<Result>;
  train(request: FoldRequest, hooks: TrainingHooks): Promise<Trained>;
  publish(trained: Trained, place: ResultPlace, about: TrainingRecord): Promise<Result>;
}

/** What is written of any part. */
export interface TrainingRecord {
  readonly schemaVersion: 1;
  readonly fold: number;
  readonly engine: string;
  readonly passedOver?: string;
  readonly curve: { readonly step: number; readonly loss: number }[];
  readonly stepsTotal: number;
  readonly batchParts?: number;
}

export type PartAnswer<Result> = Once<Result> & { readonly stepsRun: number; readonly waitedMilliseconds: number };

/** Trains a part of a fold from its newest checkpoint, unless it is there already. */
export async function trainPartOfFold<
  Trained extends Pick<TrainedNetwork, 'curve' | 'batchParts'>,
  Result extends object,
>(part: PartOfFold<Trained, Result>, request: TrainTrunkRequest, context: JobContext): Promise<PartAnswer<Result>> {
  const { store } = context;
  const { engine, passedOver } = await context.trainingEngine();
  const { spec, packs, round, fold, restart } = request;
  const { plan, classes } = await readCampaign(store, request.plan);
  const classCount = classes.length;
  const { checkpointEverySteps: _, ...training } = spec.training;
  const { seed, model, ensemble } = spec;
  const { forkAt, centre } = ensemble;
  const data = { packs: packs.sha256, folds: plan.folds.sha256, fold, classCount };
  const recipe = { seed, model, training, forkAt, centre, engine: engine.name, restart };
  const inputs = { ...data, ...recipe, ...part.inputs };

  let hooks: JobTrainingHooks | undefined;
  let batches: WaitingBatchSource | undefined;
  const result = await once(
    { store, step: part.step, version: 1, inputs, schema: part.schema },
    async (place): Promise<Result> => {
      const { name, stepsTotal: total } = part;
      context.report({ job: 'train', round, fold, part: name, done: 0, total, unit: 'steps', perSecond: 0 });
      const items = await readItems(store, packs, trainsFold(plan, fold));
      hooks = createJobTrainingHooks(context, {
        inputHash: place.inputHash,
        place: { round, fold },
        title: `Round ${round}, fold ${fold}, ${part.name}`,
        batchSize: spec.training.batchSize,
      });
      const { createBatches = threadedBatchSource, ...means } = trainingMeans(context, engine);
      const counted: CreateBatchSource = (wanted) =>
        (batches = countingWaits(createBatches(wanted), () => performance.now()));
      const trained = await part.train({ spec, fold, classCount, items, ...means, createBatches: counted }, hooks);
      return part.publish(trained, place, {
        schemaVersion: 1,
        fold,
        engine: engine.name,
        ...(passedOver !== undefined && { passedOver }),
        curve: [...trained.curve],
        stepsTotal: part.stepsTotal,
        ...(trained.batchParts > 1 && { batchParts: trained.batchParts }),
      });
    },
  );
  await dropCheckpoints(store, result.inputHash);
  return {
    ...result,
    stepsRun: hooks?.stepsRun ?? 0,
    waitedMilliseconds: Math.round(batches?.waitedMilliseconds ?? 0),
  };
}
