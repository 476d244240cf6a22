import { z } from 'zod';
import {
  augmentationSpecSchema,
  calibrationSpecSchema,
  campaignSpecSchema,
  ensembleSpecSchema,
  modelSpecSchema,
  optimiserSpecSchema,
  selectionSpecSchema,
  studentSpecSchema,
  trainingSpecSchema,
} from './campaign-spec.js';
import { defaultSpec } from './spec-defaults.js';

const { split, input, rounds, student } = campaignSpecSchema.shape;

/** A union whose options differ in `kind` and where `kind` itself may be left out. */
const optional = <Option extends z.ZodObject>(options: readonly Option[]) =>
  z.union(options.map((option) => option.partial())).optional();

/**
 * What a person writes: the shape of `campaignSpecSchema` with everything optional but the name, the data set and
 * the test set. For editors and types; `fillSpec` is what reads a file.
 */
export const campaignSpecFileSchema = z.strictObject({
  ...z.strictObject(campaignSpecSchema.shape).partial().required({ name: true, dataset: true }).shape,
  split: split.partial({ labelled: true }),
  input: input.partial().optional(),
  model: optional(modelSpecSchema.options),
  training: trainingSpecSchema
    .partial()
    .extend({
      optimiser: optional(optimiserSpecSchema.options),
      weightAverage: optional(trainingSpecSchema.shape.weightAverage.options),
      augmentation: augmentationSpecSchema.partial().optional(),
    })
    .optional(),
  ensemble: ensembleSpecSchema.partial().optional(),
  calibration: calibrationSpecSchema.partial().optional(),
  selection: selectionSpecSchema
    .partial()
    .extend({ thresholds: optional(selectionSpecSchema.shape.thresholds.options) })
    .optional(),
  rounds: rounds.partial().optional(),
  student: studentSpecSchema
    .partial()
    .extend({ model: optional(modelSpecSchema.options) })
    .optional()
    .describe(student.description ?? ''),
});
export type CampaignSpecFile = z.infer<typeof campaignSpecFileSchema>;

/** JSON schema (draft 2020-12) of a campaign file, with the defaults of a segmentation campaign, for editors. */
export function campaignSpecFileJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(campaignSpecFileSchema, { io: 'input' });
  noteDefaults(schema, defaultSpec({ student: {} }));
  return { title: 'Probity campaign', ...schema };
}

function noteDefaults(schema: z.core.JSONSchema.BaseSchema, defaults: unknown): void {
  if (!isRecord(defaults)) {
    if (defaults !== undefined) schema.default = defaults as NonNullable<typeof schema.default>;
    return;
  }
  const options = schema.anyOf ?? [schema];
  const chosen = options.filter((option) => {
    const kind = option.properties?.['kind'];
    return typeof kind !== 'object' || kind.const === defaults['kind'];
  });
  for (const { properties = {} } of chosen) {
    for (const [key, property] of Object.entries(properties)) {
      if (typeof property === 'object') noteDefaults(property, defaults[key]);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
