import { z } from 'zod';
import { artifactRefSchema } from './artifact-ref.js';
import { campaignSpecSchema } from './campaign-spec.js';
import { intervalSchema } from './round-artifacts.js';

/** Every step of a round: what its activity is asked and what it answers. Small JSON; references, never bytes. */

const place = { campaignId: z.string().min(1), spec: campaignSpecSchema };
const answered = {
  /** Hash of everything the result depends on; the key it stands under. */
  inputHash: z.string(),
  /** True when the result was found and not computed. */
  reused: z.boolean(),
};
/** Answers of jobs also say how long the device computed for them: nearly nothing where the result was found. */
const computed = { ...answered, busyMilliseconds: z.number().min(0) };

export const openCampaignRequestSchema = z.object({ ...place, dataset: artifactRefSchema });
export const openCampaignResultSchema = z.object({
  ...answered,
  plan: artifactRefSchema,
  labelledCount: z.int(),
  testCount: z.int(),
  poolCount: z.int(),
  shardCount: z.int(),
  remarks: z.array(z.string()),
});

/** `version`: the data set that this round trains on; round 0 has none and uses the plan's labelled items. */
export const prepareItemsRequestSchema = z.object({
  ...place,
  round: z.int(),
  plan: artifactRefSchema,
  version: artifactRefSchema.optional(),
});
export const prepareItemsResultSchema = z.object({
  ...computed,
  packs: artifactRefSchema,
  humanCount: z.int(),
  machineCount: z.int(),
});

/** `restart` changes the input hash on purpose: restarting one fold trains it anew. */
const inFold = {
  ...place,
  round: z.int(),
  fold: z.int(),
  plan: artifactRefSchema,
  packs: artifactRefSchema,
  restart: z.int().min(0),
};
const trained = {
  ...computed,
  stepsTotal: z.int(),
  /** Steps that this answer took: fewer where a checkpoint was found, none where the result was. */
  stepsRun: z.int(),
  /** How long those steps waited for their batches; absent in answers of earlier versions. */
  waitedMilliseconds: z.number().min(0).optional(),
};
export const trainTrunkRequestSchema = z.object(inFold);
export const trainTrunkResultSchema = z.object({ ...trained, trunk: artifactRefSchema });

export const trainMemberRequestSchema = z.object({ ...inFold, trunk: artifactRefSchema, operatingPoint: z.number() });
export const trainMemberResultSchema = z.object({ ...trained, member: artifactRefSchema });

export const gatherFoldRequestSchema = z.object({
  ...place,
  round: z.int(),
  fold: z.int(),
  trunk: artifactRefSchema,
  members: z.array(artifactRefSchema),
});
export const gatherFoldResultSchema = z.object({ ...answered, fold: artifactRefSchema });

/** A fold's trunk and members in one step: asked by campaigns that began before they were steps of their own. */
export const trainFoldRequestSchema = z.object(inFold);
export const trainFoldResultSchema = z.object({ ...trained, fold: artifactRefSchema, memberCount: z.int() });

export const predictOutOfFoldRequestSchema = z.object({
  ...place,
  round: z.int(),
  fold: z.int(),
  plan: artifactRefSchema,
  packs: artifactRefSchema,
  model: artifactRefSchema,
});
export const predictOutOfFoldResultSchema = z.object({ ...computed, evidence: artifactRefSchema, itemCount: z.int() });

export const calibrateRoundRequestSchema = z.object({ ...place, round: z.int(), evidence: z.array(artifactRefSchema) });
export const calibrateRoundResultSchema = z.object({
  ...answered,
  calibration: artifactRefSchema,
  eceBefore: intervalSchema,
  eceAfter: intervalSchema,
});

export const sweepShardRequestSchema = z.object({
  ...place,
  round: z.int(),
  shard: z.int(),
  plan: artifactRefSchema,
  models: z.array(artifactRefSchema),
  calibration: artifactRefSchema,
});
export const sweepShardResultSchema = z.object({
  ...computed,
  predictions: artifactRefSchema,
  itemCount: z.int(),
  setAsideCount: z.int(),
  /** Items that left behind the extremes; absent where no early exit was asked for. */
  leftEarlyCount: z.int().optional(),
});

export const selectShardRequestSchema = z.object({
  ...place,
  round: z.int(),
  shard: z.int(),
  predictions: artifactRefSchema,
  calibration: artifactRefSchema,
});
export const selectShardResultSchema = z.object({
  ...answered,
  selection: artifactRefSchema,
  acceptedCount: z.int(),
  ignoredCount: z.int(),
  setAsideCount: z.int(),
});

/** Folds many references into one list, so that no history grows with the pool. */
export const gatherSelectionsRequestSchema = z.object({
  ...place,
  round: z.int(),
  batch: z.int(),
  selections: z.array(artifactRefSchema),
});
export const gatherSelectionsResultSchema = z.object({ ...answered, list: artifactRefSchema });

export const publishVersionRequestSchema = z.object({
  ...place,
  round: z.int(),
  plan: artifactRefSchema,
  /** Lists made by `gatherSelections`. */
  selections: z.array(artifactRefSchema),
  calibration: artifactRefSchema,
  models: z.array(artifactRefSchema),
});
export const publishVersionResultSchema = z.object({ ...answered, version: artifactRefSchema, labelCount: z.int() });

export const evaluateRoundRequestSchema = z.object({
  ...place,
  round: z.int(),
  plan: artifactRefSchema,
  models: z.array(artifactRefSchema),
  calibration: artifactRefSchema,
  /** Round 0's evaluation, the control arm; absent in round 0. */
  control: artifactRefSchema.optional(),
});
export const evaluateRoundResultSchema = z.object({
  ...computed,
  evaluation: artifactRefSchema,
  score: intervalSchema,
  difference: intervalSchema.optional(),
});

/** `round`: whose ensemble teaches; `version`: what that round published, for the labels of people. */
export const trainStudentRequestSchema = z.object({
  ...place,
  round: z.int(),
  plan: artifactRefSchema,
  version: artifactRefSchema,
  models: z.array(artifactRefSchema),
  calibration: artifactRefSchema,
});
export const trainStudentResultSchema = z.object({
  ...computed,
  student: artifactRefSchema,
  onnx: artifactRefSchema,
  labelledCount: z.int(),
  poolCount: z.int(),
  stepsTotal: z.int(),
  stepsRun: z.int(),
});

export const evaluateStudentRequestSchema = z.object({
  ...place,
  round: z.int(),
  plan: artifactRefSchema,
  student: artifactRefSchema,
  /** The evaluation of the ensemble that taught it. */
  ensemble: artifactRefSchema,
});
export const evaluateStudentResultSchema = z.object({
  ...computed,
  evaluation: artifactRefSchema,
  score: intervalSchema,
  difference: intervalSchema,
});

export type OpenCampaignRequest = z.infer<typeof openCampaignRequestSchema>;
export type OpenCampaignResult = z.infer<typeof openCampaignResultSchema>;
export type PrepareItemsRequest = z.infer<typeof prepareItemsRequestSchema>;
export type PrepareItemsResult = z.infer<typeof prepareItemsResultSchema>;
export type TrainTrunkRequest = z.infer<typeof trainTrunkRequestSchema>;
export type TrainTrunkResult = z.infer<typeof trainTrunkResultSchema>;
export type TrainMemberRequest = z.infer<typeof trainMemberRequestSchema>;
export type TrainMemberResult = z.infer<typeof trainMemberResultSchema>;
export type GatherFoldRequest = z.infer<typeof gatherFoldRequestSchema>;
export type GatherFoldResult = z.infer<typeof gatherFoldResultSchema>;
export type TrainFoldRequest = z.infer<typeof trainFoldRequestSchema>;
export type TrainFoldResult = z.infer<typeof trainFoldResultSchema>;
export type PredictOutOfFoldRequest = z.infer<typeof predictOutOfFoldRequestSchema>;
export type PredictOutOfFoldResult = z.infer<typeof predictOutOfFoldResultSchema>;
export type CalibrateRoundRequest = z.infer<typeof calibrateRoundRequestSchema>;
export type CalibrateRoundResult = z.infer<typeof calibrateRoundResultSchema>;
export type SweepShardRequest = z.infer<typeof sweepShardRequestSchema>;
export type SweepShardResult = z.infer<typeof sweepShardResultSchema>;
export type SelectShardRequest = z.infer<typeof selectShardRequestSchema>;
export type SelectShardResult = z.infer<typeof selectShardResultSchema>;
export type GatherSelectionsRequest = z.infer<typeof gatherSelectionsRequestSchema>;
export type GatherSelectionsResult = z.infer<typeof gatherSelectionsResultSchema>;
export type PublishVersionRequest = z.infer<typeof publishVersionRequestSchema>;
export type PublishVersionResult = z.infer<typeof publishVersionResultSchema>;
export type EvaluateRoundRequest = z.infer<typeof evaluateRoundRequestSchema>;
export type EvaluateRoundResult = z.infer<typeof evaluateRoundResultSchema>;
export type TrainStudentRequest = z.infer<typeof trainStudentRequestSchema>;
export type TrainStudentResult = z.infer<typeof trainStudentResultSchema>;
export type EvaluateStudentRequest = z.infer<typeof evaluateStudentRequestSchema>;
export type EvaluateStudentResult = z.infer<typeof evaluateStudentResultSchema>;

/** What a job answers itself; its supervisor adds what it cost. */
export type JobAnswer<Result extends { readonly busyMilliseconds: number }> = Omit<Result, 'busyMilliseconds'>;
