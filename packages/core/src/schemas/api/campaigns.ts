import { z } from 'zod';
import { campaignSpecSchema } from '../campaign-spec.js';
import { campaignStateSchema, jobProgressSchema, roundSummarySchema, studentSummarySchema } from '../campaign-state.js';
import { calibrationSchema, evaluationSchema } from '../round-artifacts.js';
import { trainedFoldSchema, trainedStudentSchema } from '../trained-networks.js';

/** What the console's server answers. Its OpenAPI page is made from these. */

export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type Problem = z.infer<typeof problemSchema>;

const failureSchema = z.object({ message: z.string(), code: z.string().optional() });

export const campaignStatusSchema = z.enum(['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out']);

export const campaignRowSchema = z.object({
  id: z.string(),
  status: campaignStatusSchema,
  dataset: z.string().optional(),
  task: z.string().optional(),
  stage: z.string().optional(),
  round: z.int().optional(),
  score: z.number().optional(),
  acceptedCount: z.int().optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
});
export type CampaignRow = z.infer<typeof campaignRowSchema>;

export const runningStepSchema = z.object({
  key: z.string(),
  activity: z.string(),
  state: z.enum(['running', 'waiting']),
  attempt: z.int(),
  progress: jobProgressSchema.optional(),
  lastFailure: failureSchema.optional(),
});

export const campaignViewSchema = z.object({
  id: z.string(),
  status: campaignStatusSchema,
  spec: campaignSpecSchema,
  state: campaignStateSchema,
  startedAt: z.string(),
  endedAt: z.string().optional(),
  failure: failureSchema.optional(),
  running: z.array(runningStepSchema),
  /** Page of this workflow in Temporal's own UI, where its address is known. */
  temporalPage: z.string().optional(),
});
export type CampaignDetail = z.infer<typeof campaignViewSchema>;

export const roundDetailSchema = z.object({
  summary: roundSummarySchema,
  classes: z.array(z.string()),
  folds: z.array(trainedFoldSchema),
  calibration: calibrationSchema,
  evaluation: evaluationSchema,
});
export type RoundDetail = z.infer<typeof roundDetailSchema>;

const comparedSchema = evaluationSchema.pick({ score: true, metrics: true, calibrationAfter: true });

/** The student beside the ensemble that taught it, both on the locked test set. */
const studentDetailSchema = z.object({
  summary: studentSummarySchema,
  student: trainedStudentSchema,
  evaluations: z.object({ ensemble: comparedSchema, student: comparedSchema }),
});
/** `student` is absent while there is none. */
export const studentAnswerSchema = z.object({ student: studentDetailSchema.optional() });
export type StudentAnswer = z.infer<typeof studentAnswerSchema>;

export const galleryStateSchema = z.enum(['accepted', 'ignored']);

export const galleryItemSchema = z.object({
  id: z.string(),
  state: galleryStateSchema,
  reason: z.string().optional(),
  confidence: z.number().optional(),
  decided: z.number().optional(),
  /** For a classification: the class that was chosen. */
  className: z.string().optional(),
  width: z.int(),
  height: z.int(),
  /** Which layers can be asked for: `image` always; `mask`, `ignore` and `probability` for a segmentation. */
  layers: z.array(z.enum(['image', 'mask', 'ignore', 'probability'])),
});
export const galleryPageSchema = z.object({ total: z.int(), offset: z.int(), items: z.array(galleryItemSchema) });
export type GalleryItem = z.infer<typeof galleryItemSchema>;
export type GalleryPage = z.infer<typeof galleryPageSchema>;

export const layerSchema = z.enum(['image', 'mask', 'ignore', 'probability']);
export type Layer = z.infer<typeof layerSchema>;

export const campaignStepSchema = z.object({
  name: z.string(),
  round: z.int().optional(),
  fold: z.int().optional(),
  shard: z.int().optional(),
  operatingPoint: z.number().optional(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  attempts: z.int(),
  failure: z.object({ code: z.string().optional(), message: z.string() }).optional(),
  scheduledAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  inputHash: z.string().optional(),
  reused: z.boolean().optional(),
});
export const stepListSchema = z.object({ steps: z.array(campaignStepSchema) });
export type StepList = z.infer<typeof stepListSchema>;
