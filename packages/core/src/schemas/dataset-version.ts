import { z } from 'zod';
import { artifactRefSchema } from './artifact-ref.js';

/** A decoded image's own properties, so that nobody has to open it to plan with it. */
export const imageRefSchema = artifactRefSchema.extend({
  width: z.int().min(1),
  height: z.int().min(1),
  /** 1 grey, 3 colour. Alpha is dropped at import. */
  channels: z.union([z.literal(1), z.literal(3)]),
  bitDepth: z.union([z.literal(8), z.literal(16)]),
});
export type ImageRef = z.infer<typeof imageRefSchema>;

/** Who or what made a label, and how sure it is. */
const labelOriginShape = {
  origin: z.enum(['human', 'machine']),
  /** The round that made a machine label; absent for human labels. */
  round: z.int().min(0).optional(),
  /** Mean calibrated probability of the decided pixels' own label, 0 to 1; absent for human labels. */
  confidence: z.number().min(0).max(1).optional(),
  /** Share of the possible foreground that was decided, 0 to 1; absent for human labels. */
  decided: z.number().min(0).max(1).optional(),
};

/** Segmentation: 8-bit PNG of the image's own size, pixel = class index; `ignore` is 255 where doubt is too great to teach. */
export const maskLabelSchema = z.object({
  kind: z.literal('mask'),
  mask: artifactRefSchema,
  ignore: artifactRefSchema.optional(),
  /** Indices of the classes that the mask shows, background included, ascending: nobody has to open it to plan with it. */
  classes: z.array(z.int().min(0)),
  ...labelOriginShape,
});

/** Classification: the index of the class. */
export const classLabelSchema = z.object({ kind: z.literal('class'), classIndex: z.int().min(0), ...labelOriginShape });

export const labelSchema = z.discriminatedUnion('kind', [maskLabelSchema, classLabelSchema]);
export type Label = z.infer<typeof labelSchema>;

export const datasetItemSchema = z.object({
  id: z.string().min(1),
  /** What must not be split over folds: a patient, a slide, a volume. */
  group: z.string().min(1),
  image: imageRefSchema,
  label: labelSchema.optional(),
  /** Only on published versions: what the campaign used the item for. */
  role: z.enum(['labelled', 'pool', 'test']).optional(),
  volume: z.object({ id: z.string(), slice: z.int().min(0), sliceCount: z.int().min(1) }).optional(),
  attributes: z.record(z.string(), z.string()).default({}),
});
export type DatasetItem = z.infer<typeof datasetItemSchema>;

export const setAsideSchema = z.object({ id: z.string(), reason: z.string() });
export type SetAside = z.infer<typeof setAsideSchema>;

/** A frozen data set: what `dataset import` makes, and what each round publishes. */
export const datasetVersionSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  /** `import`, or `round-0`, `round-1`, … */
  version: z.string(),
  campaignId: z.string().optional(),
  task: z.enum(['segmentation', 'classification']),
  /** Index = class index. For segmentation index 0 is the background. */
  classes: z.array(z.string().min(1)).min(2).max(255),
  items: z.array(datasetItemSchema),
  /** Items that could not be read; they take no part and are listed so that nobody misses them. */
  setAside: z.array(setAsideSchema).default([]),
  /** Parquet, one row a label; only on published versions. */
  ledger: artifactRefSchema.optional(),
});
export type DatasetVersion = z.infer<typeof datasetVersionSchema>;
