import { z } from 'zod';
import { artifactRefSchema } from './artifact-ref.js';
import { labelSchema, setAsideSchema } from './dataset-version.js';

/** A number with its percentile bootstrap interval over groups. */
export const intervalSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), level: z.number() });
export type Interval = z.infer<typeof intervalSchema>;

/** What the campaign decided before round 0: who is labelled, who is tested, who is the pool. Never changes. */
export const campaignPlanSchema = z.object({
  schemaVersion: z.literal(1),
  dataset: artifactRefSchema,
  labelled: z.array(z.string()),
  test: z.array(z.string()),
  /** Item ids, shard by shard. */
  shards: z.array(z.array(z.string())),
  folds: z.object({
    count: z.int(),
    /** Fold of each labelled group. */
    byGroup: z.record(z.string(), z.int()),
    sha256: z.string(),
    /** Foreground classes a fold's held-out part lacks, so that nobody is surprised: `fold 2 has no "cyst"`. */
    remarks: z.array(z.string()),
  }),
});
export type CampaignPlan = z.infer<typeof campaignPlanSchema>;

/** Images and labels at the network's input size, ready to train on: one pack a chunk of items. */
export const preparedPackSchema = z.object({
  schemaVersion: z.literal(1),
  height: z.int(),
  width: z.int(),
  channels: z.int(),
  items: z.array(z.object({ id: z.string(), group: z.string(), origin: z.enum(['human', 'machine']) })),
  /** Float32, little-endian, shape (items, height, width, channels), normalised per image. */
  images: artifactRefSchema,
  /** Uint8 class indices, 255 = ignore; (items, height, width) for masks, (items,) for classes. */
  labels: artifactRefSchema,
});
export type PreparedPack = z.infer<typeof preparedPackSchema>;

/** A list of references too long for a history: the packs of a round, the selections of a batch of shards. */
export const refListSchema = z.object({ schemaVersion: z.literal(1), refs: z.array(artifactRefSchema) });
export type RefList = z.infer<typeof refListSchema>;

/** The least and the largest number that went into a convolution and came out of it, one a channel. */
export const convolutionRangesSchema = z.array(
  z.object({
    inputMin: z.array(z.number()),
    inputMax: z.array(z.number()),
    outputMin: z.array(z.number()),
    outputMax: z.array(z.number()),
  }),
);
export type ConvolutionRanges = z.infer<typeof convolutionRangesSchema>;

/**
 * Out-of-fold evidence of one item and one foreground class: everything that calibration and its report need.
 * `patterns`: [pattern, pixels, true pixels]; bit i of a pattern is set where member i votes for the class.
 * `scores`: reliability bins of the committee's mean softmax, [bin, pixels, sum of score, true pixels, sum of squared error, sum of negative log-likelihood in nats], bins of width 1/50.
 */
export const classEvidenceSchema = z.object({
  classIndex: z.int().min(1),
  patterns: z.array(z.tuple([z.int(), z.int(), z.int()])),
  scores: z.array(z.tuple([z.int(), z.int(), z.number(), z.int(), z.number(), z.number()])),
});
export const itemEvidenceSchema = z.object({
  id: z.string(),
  group: z.string(),
  fold: z.int(),
  classes: z.array(classEvidenceSchema),
});
export type ItemEvidence = z.infer<typeof itemEvidenceSchema>;
export const outOfFoldSchema = z.object({
  schemaVersion: z.literal(1),
  fold: z.int(),
  memberCount: z.int(),
  items: z.array(itemEvidenceSchema),
  /** The same items, predicted with convolutions in 8 bits; absent where nobody asked or the engine has none. */
  eightBits: z
    .object({
      /** Of the committee's convolutions. */
      ranges: artifactRefSchema,
      items: z.array(itemEvidenceSchema),
    })
    .optional(),
});
export type OutOfFold = z.infer<typeof outOfFoldSchema>;

/** From the votes of one committee to the probability of one class. */
export const probabilityMapSchema = z.discriminatedUnion('kind', [
  /** `probabilities[j]` where j members vote for the class; length members + 1. */
  z.object({ kind: z.literal('votes'), probabilities: z.array(z.number()) }),
  /** `zero` where no member votes, else the sum of the weights of the members that do, clipped to [0, 1]. */
  z.object({ kind: z.literal('patterns'), weights: z.array(z.number()), zero: z.number() }),
]);
export type ProbabilityMap = z.infer<typeof probabilityMapSchema>;

export const reliabilityBinSchema = z.object({
  low: z.number(),
  high: z.number(),
  count: z.number(),
  confidence: z.number(),
  frequency: z.number(),
});
export type ReliabilityBin = z.infer<typeof reliabilityBinSchema>;
export const calibrationErrorSchema = z.object({
  ece: intervalSchema,
  brier: intervalSchema,
  nll: intervalSchema,
  bins: z.array(reliabilityBinSchema),
});
export type CalibrationError = z.infer<typeof calibrationErrorSchema>;

export const thresholdsSchema = z.object({
  classIndex: z.int().min(1),
  foregroundMin: z.number(),
  backgroundMax: z.number(),
  /** How the thresholds were found; `groups` groups stand behind the promise. */
  basis: z.union([
    z.object({ kind: z.literal('fixed') }),
    z.object({
      kind: z.literal('error'),
      errorMax: z.number(),
      errorMean: z.number(),
      bound: z.number(),
      groups: z.int(),
    }),
  ]),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** `dice` is absent where the class was neither there nor seen. */
export const memberScoreSchema = z.object({ operatingPoint: z.number(), dice: intervalSchema.optional() });
export type MemberScore = z.infer<typeof memberScoreSchema>;

/** What a cheaper prediction changes in a foreground class, out of fold: mean Dice of the members, Brier score behind the maps. */
const scoreDifferenceSchema = z.object({ classIndex: z.int(), dice: z.number(), brier: z.number() });
export type ScoreDifference = z.infer<typeof scoreDifferenceSchema>;

/**
 * What came of asking for predictions in 8 bits. `differences`: 8 bits minus float32, one entry a foreground class; none
 * where the engine has no 8 bits.
 */
export const precisionChoiceSchema = z.discriminatedUnion('used', [
  z.object({
    used: z.literal('float32'),
    reason: z.enum(['beyond-band', 'engine-without']),
    differences: z.array(scoreDifferenceSchema),
  }),
  z.object({
    used: z.literal('int8'),
    /** One entry a committee, of its convolutions. */
    ranges: z.array(artifactRefSchema),
    differences: z.array(scoreDifferenceSchema),
  }),
]);
export type PrecisionChoice = z.infer<typeof precisionChoiceSchema>;

/**
 * What came of asking for an early exit. `leaving`: share of the items that can leave out of fold; `saved`: share of the
 * networks that this saves. `differences`: with the exit minus without it, one entry a foreground class.
 */
export const earlyExitChoiceSchema = z.object({
  used: z.boolean(),
  reason: z.enum(['saves', 'saves-little', 'beyond-band']),
  leaving: z.number(),
  saved: z.number(),
  differences: z.array(scoreDifferenceSchema),
});
export type EarlyExitChoice = z.infer<typeof earlyExitChoiceSchema>;

export const calibrationSchema = z.object({
  schemaVersion: z.literal(1),
  operatingPoints: z.array(z.number()),
  combine: z.enum(['calibrate-then-average', 'average-then-calibrate']),
  /** Per committee, one map a foreground class; fitted on the other folds' items. */
  committees: z.array(z.object({ fold: z.int(), maps: z.array(probabilityMapSchema) })),
  /** Fitted on all out-of-fold items. */
  shared: z.array(probabilityMapSchema),
  thresholds: z.array(thresholdsSchema),
  /** Where `inference.precision` is int8. The maps are fitted on predictions of the precision that is used. */
  precision: precisionChoiceSchema.optional(),
  /** Where `inference.earlyExit` is set. The maps are fitted on the votes that the exit leaves, if it is used. */
  earlyExit: earlyExitChoiceSchema.optional(),
  /** Per foreground class, out of fold: the committees' mean softmax, the calibrated probability, and each member's masks. */
  report: z.array(
    z.object({
      classIndex: z.int(),
      before: calibrationErrorSchema,
      after: calibrationErrorSchema,
      members: z.array(memberScoreSchema),
    }),
  ),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** One item of the pool as the ensemble sees it. */
export const predictedItemSchema = z.object({
  id: z.string(),
  /** 8-bit grey PNG of the image's own size a foreground class, 255 = probability 1; absent for classification. */
  probabilities: z.array(artifactRefSchema),
  /** Classification only: probability a class, background-free, sums to 1. */
  classProbabilities: z.array(z.number()).optional(),
  /** Pixels a probability level 0 … 255, per foreground class, own size. */
  histograms: z.array(z.array(z.int())),
});
export const sweptShardSchema = z.object({
  schemaVersion: z.literal(1),
  shard: z.int(),
  items: z.array(predictedItemSchema),
  setAside: z.array(setAsideSchema),
});
export type SweptShard = z.infer<typeof sweptShardSchema>;

export const decisionSchema = z.object({
  id: z.string(),
  state: z.enum(['accepted', 'ignored']),
  /** Why an item was ignored: `undecided`, `empty`. */
  reason: z.string().optional(),
  label: labelSchema,
  /** The calibrated probability map of each foreground class; none for a classification. */
  probabilities: z.array(artifactRefSchema),
});
export const selectedShardSchema = z.object({
  schemaVersion: z.literal(1),
  shard: z.int(),
  decisions: z.array(decisionSchema),
  setAside: z.array(setAsideSchema),
});
export type SelectedShard = z.infer<typeof selectedShardSchema>;

export const evaluationSchema = z.object({
  schemaVersion: z.literal(1),
  round: z.int(),
  /** Mean over groups of the group's mean over its items and foreground classes (classification: accuracy). */
  score: intervalSchema,
  /** Paired over groups: this round minus round 0, absent in round 0; a student minus the ensemble that taught it. */
  difference: intervalSchema.optional(),
  metrics: z.record(z.string(), intervalSchema),
  /** Empty for a student, whose probabilities are used as they come. */
  calibrationBefore: z.array(calibrationErrorSchema),
  calibrationAfter: z.array(calibrationErrorSchema),
  items: z.array(z.object({ id: z.string(), group: z.string(), scores: z.record(z.string(), z.number()) })),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
