import { z } from 'zod';
import { artifactRefSchema } from './artifact-ref.js';
import { intervalSchema } from './round-artifacts.js';

export const stopReasonSchema = z.enum([
  'rounds-max',
  'stopped-by-user',
  'rejected',
  'nothing-accepted',
  'pool-empty',
  'worse-than-control',
  'cancelled',
]);
export type StopReason = z.infer<typeof stopReasonSchema>;

export const stageSchema = z.enum([
  'opening',
  'preparing',
  'training',
  'calibrating',
  'sweeping',
  'gate',
  'publishing',
  'evaluating',
  'distilling',
  'finished',
]);
export type Stage = z.infer<typeof stageSchema>;

/** References to everything a finished round left, and the few numbers a table shows. */
export const roundSummarySchema = z.object({
  round: z.int().min(0),
  score: intervalSchema,
  difference: intervalSchema.optional(),
  eceBefore: intervalSchema,
  eceAfter: intervalSchema,
  poolCount: z.int(),
  acceptedCount: z.int(),
  ignoredCount: z.int(),
  setAsideCount: z.int(),
  /** Absent where no early exit was asked for. */
  leftEarlyCount: z.int().optional(),
  seconds: z.number(),
  folds: z.array(artifactRefSchema),
  calibration: artifactRefSchema,
  /** Lists of the pool's decisions, shard by shard. */
  selections: z.array(artifactRefSchema),
  version: artifactRefSchema,
  evaluation: artifactRefSchema,
});
export type RoundSummary = z.infer<typeof roundSummarySchema>;

/** The student that the best round's ensemble taught, beside that ensemble. */
export const studentSummarySchema = z.object({
  /** Whose ensemble taught it. */
  round: z.int().min(0),
  /** On the locked test set, as a round's. */
  score: intervalSchema,
  /** Paired over groups: the student minus the ensemble. */
  difference: intervalSchema,
  /** Items that taught with the labels of people, and with the ensemble's probabilities. */
  labelledCount: z.int(),
  poolCount: z.int(),
  seconds: z.number(),
  student: artifactRefSchema,
  /** The network as one file; see `trainedStudentSchema`. */
  onnx: artifactRefSchema,
  evaluation: artifactRefSchema,
});
export type StudentSummary = z.infer<typeof studentSummarySchema>;

/** What the workflow carries from round to round: plain JSON, a few kilobytes, no pixels. */
export const campaignStateSchema = z.object({
  /** The round under way, or the last one when the campaign is finished. Round 0 is the control arm. */
  round: z.int().min(0),
  stage: stageSchema,
  paused: z.boolean(),
  plan: artifactRefSchema.optional(),
  rounds: z.array(roundSummarySchema),
  student: studentSummarySchema.optional(),
  stopReason: stopReasonSchema.optional(),
});
export type CampaignState = z.infer<typeof campaignStateSchema>;

/** What a running job says of itself; travels as heartbeat details. */
export const jobProgressSchema = z.object({
  job: z.enum(['prepare', 'train', 'predict', 'sweep', 'evaluate']),
  round: z.int(),
  fold: z.int().optional(),
  shard: z.int().optional(),
  /** `trunk`, the member's operating point, e.g. `w=-1`, or `student`. */
  part: z.string().optional(),
  done: z.int(),
  total: z.int(),
  unit: z.enum(['steps', 'items']),
  perSecond: z.number(),
  loss: z.number().optional(),
  /** At most 100 points of the part under way. */
  curve: z.array(z.object({ step: z.int(), loss: z.number() })).optional(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;
