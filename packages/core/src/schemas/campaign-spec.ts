import { z } from 'zod';

const countOrNames = z.union([z.int().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'Must be a number of groups, 1 or more, or a list of group names',
});

export const modelSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('unet'),
    baseWidth: z.int().min(4).max(128).describe('Channels of the first level; each level below doubles them.'),
    depth: z
      .int()
      .min(2)
      .max(6)
      .describe('Levels, the bottom one included. Height and width must divide by 2^(depth-1).'),
    normalisation: z.enum(['instance', 'none']),
  }),
  z.strictObject({
    kind: z.literal('classifier'),
    baseWidth: z.int().min(4).max(128),
    depth: z.int().min(2).max(6),
    normalisation: z.enum(['instance', 'none']),
  }),
]);
export type ModelSpec = z.infer<typeof modelSpecSchema>;

export const augmentationSpecSchema = z.strictObject({
  flipHorizontal: z.boolean(),
  flipVertical: z.boolean(),
  rotationDegreesMax: z.number().min(0).max(180),
  scaleMin: z.number().gt(0).max(1),
  scaleMax: z.number().min(1).max(4),
  shiftFractionMax: z.number().min(0).max(0.5).describe('Of the height and of the width.'),
  contrastMin: z.number().gt(0).max(1),
  contrastMax: z.number().min(1).max(4),
  gammaMin: z.number().gt(0).max(1),
  gammaMax: z.number().min(1).max(4),
  noiseStandardDeviationMax: z.number().min(0).max(1).describe('In units of the normalised image.'),
});
export type AugmentationSpec = z.infer<typeof augmentationSpecSchema>;

export const optimiserSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    weightDecay: z.number().min(0).max(1),
  }),
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: z.number().min(0).lt(1).describe('Nesterov.'),
    weightDecay: z.number().min(0).max(1),
  }),
]);
export type OptimiserSpec = z.infer<typeof optimiserSpecSchema>;

export const trainingSpecSchema = z.strictObject({
  steps: z.int().min(1).max(1_000_000).describe('Of one member, trunk included.'),
  batchSize: z.int().min(1).max(512),
  optimiser: optimiserSpecSchema,
  learningRate: z.number().gt(0).max(10),
  warmupSteps: z.int().min(0),
  gradientNormMax: z.number().gt(0).describe('Gradients with a larger Euclidean norm are scaled down to it.'),
  /** Exponential moving average of the weights, predicted with instead of the last ones. */
  weightAverage: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('exponential'), decay: z.number().gt(0).lt(1) }),
  ]),
  augmentation: augmentationSpecSchema,
  checkpointEverySteps: z.int().min(1),
});
export type TrainingSpec = z.infer<typeof trainingSpecSchema>;

const operatingPointCentreSchema = z.number().min(-5).max(5);

export const ensembleSpecSchema = z.strictObject({
  folds: z.int().min(2).max(20),
  operatingPoints: z
    .array(z.number().min(-10).max(10))
    .min(1)
    .max(15)
    .describe('Offsets w of the members; METHOD uses -3 … 3.'),
  centre: z
    .union([operatingPointCentreSchema, z.array(operatingPointCentreSchema).min(1)])
    .describe('w_c0, added to every operating point: one for all foreground classes, or a list of one each.'),
  forkAt: z.number().gt(0).lte(1).describe('Share of the steps that the trunk takes.'),
  forkTrains: z
    .enum(['all', 'decoder'])
    .describe(
      "What a fork goes on training. decoder: the encoder stays the trunk's, and the members of a fold compute it once.",
    ),
});
export type EnsembleSpec = z.infer<typeof ensembleSpecSchema>;

export const inferenceSpecSchema = z.strictObject({
  precision: z
    .enum(['float32', 'int8'])
    .describe(
      'int8: convolutions in 8 bits, out of fold and in the sweep, where members then score as in float32; else float32 is taken.',
    ),
  earlyExit: z
    .boolean()
    .describe(
      'Items leave the sweep behind the members of the least and the greatest operating point where these agree in every committee; taken if that saves networks and scores out of fold stay as they are.',
    ),
});
export type InferenceSpec = z.infer<typeof inferenceSpecSchema>;

export const calibrationSpecSchema = z.strictObject({
  map: z.enum(['votes', 'patterns', 'patterns-non-negative']),
  combine: z.enum(['calibrate-then-average', 'average-then-calibrate']),
  weighting: z.enum(['pixels', 'items']).describe('items: every item counts the same, whatever its size.'),
});
export type CalibrationSpec = z.infer<typeof calibrationSpecSchema>;

export const selectionSpecSchema = z.strictObject({
  thresholds: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('error'),
      errorMax: z
        .number()
        .gt(0)
        .lt(1)
        .describe(
          'Of a new group, in expectation: the share of what is called foreground that is not, and the share of true foreground that is called background.',
        ),
    }),
    z.strictObject({
      kind: z.literal('fixed'),
      foregroundMin: z.number().gt(0).lte(1),
      backgroundMax: z.number().min(0).lt(1),
    }),
  ]),
  decidedMin: z
    .number()
    .min(0)
    .max(1)
    .describe('An item is accepted when this share of its possible foreground is decided.'),
  emptyItems: z.enum(['accept', 'ignore']).describe('What becomes of an item on which nothing may be foreground.'),
});
export type SelectionSpec = z.infer<typeof selectionSpecSchema>;

/** A network halves height and width once a level but the first. */
const divides = (input: { readonly height: number; readonly width: number }, { depth }: Pick<ModelSpec, 'depth'>) =>
  [input.height, input.width].every((size) => size % 2 ** (depth - 1) === 0);

export const studentSpecSchema = z.strictObject({
  steps: z.int().min(1).max(1_000_000).describe('Of its training; the rest of its schedule is as under training.'),
  model: modelSpecSchema,
});
export type StudentSpec = z.infer<typeof studentSpecSchema>;

/** What a person writes, with every default filled in. Strict: a misspelt key is an error, not a default. */
export const campaignSpecSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Use lower-case letters, digits and hyphens'),
    dataset: z.string().min(1).describe('Name of an imported data set.'),
    task: z.enum(['segmentation', 'classification']),
    seed: z.int().min(0).max(0xffff_ffff).describe('Fixes split, folds, shuffles, augmentation and initial weights.'),
    split: z.strictObject({
      labelled: z
        .union([z.literal('given'), countOrNames], {
          error: 'Must be "given", a number of groups, 1 or more, or a list of group names',
        })
        .describe(
          'given: the items that have labels. A number of groups or their names: those; other labels are hidden.',
        ),
      test: countOrNames.describe('Groups of the locked test set: a number or their names.'),
    }),
    input: z.strictObject({
      height: z.int().min(8).max(1024),
      width: z.int().min(8).max(1024),
      channels: z.union([z.literal(1), z.literal(3)]),
    }),
    model: modelSpecSchema,
    training: trainingSpecSchema,
    ensemble: ensembleSpecSchema,
    inference: inferenceSpecSchema,
    calibration: calibrationSpecSchema,
    selection: selectionSpecSchema,
    rounds: z.strictObject({
      max: z.int().min(0).max(50).describe('Pseudo-label rounds after round 0.'),
      /** A campaign ends early when the test score falls below round 0's by more than this; rounds are 0-based, round 0 is the control arm. */
      stopWhenWorseBy: z.number().min(0).max(1),
    }),
    gate: z
      .enum(['automatic', 'manual'])
      .describe('manual: each round waits for approve or reject before it is published.'),
    student: studentSpecSchema
      .optional()
      .describe(
        "One network that learns the calibrated probabilities of the best round's ensemble, made behind the last round. Absent: none is made; {}: one of the campaign's own kind.",
      ),
    shardSize: z.int().min(1).max(10_000).describe('Pool items a shard.'),
    sweepWindow: z.int().min(1).max(100).describe('Shards under way at once.'),
    jobTimeoutMinutes: z.int().min(1).max(10_080),
  })
  .refine((spec) => (spec.task === 'classification') === (spec.model.kind === 'classifier'), {
    path: ['model', 'kind'],
    message: 'Must be classifier for classification and unet for segmentation',
  })
  .refine(({ input, model }) => divides(input, model), {
    path: ['input'],
    message: 'Height and width must divide by 2^(model.depth - 1)',
  })
  .refine(({ model, student }) => student === undefined || student.model.kind === model.kind, {
    path: ['student', 'model', 'kind'],
    message: 'Must be that of model.kind',
  })
  .refine(({ input, student }) => student === undefined || divides(input, student.model), {
    path: ['student', 'model', 'depth'],
    message: 'input.height and input.width must divide by 2^(depth - 1)',
  })
  .refine(({ training, student }) => student === undefined || training.warmupSteps < student.steps, {
    path: ['student', 'steps'],
    message: 'Must be larger than training.warmupSteps',
  })
  .refine((spec) => spec.training.warmupSteps < spec.training.steps, {
    path: ['training', 'warmupSteps'],
    message: 'Must be smaller than training.steps',
  })
  .refine(({ inference }) => inference.precision === 'float32' || !inference.earlyExit, {
    path: ['inference', 'earlyExit'],
    message: 'Must be false where precision is int8: one of the two at a time',
  })
  .refine((spec) => new Set(spec.ensemble.operatingPoints).size === spec.ensemble.operatingPoints.length, {
    path: ['ensemble', 'operatingPoints'],
    message: 'Must not repeat',
  })
  .refine(
    ({ selection: { thresholds } }) =>
      thresholds.kind !== 'fixed' || thresholds.backgroundMax < thresholds.foregroundMin,
    { path: ['selection', 'thresholds'], message: 'backgroundMax must be smaller than foregroundMin' },
  );
export type CampaignSpec = z.infer<typeof campaignSpecSchema>;
