import { z } from 'zod';
import { artifactRefSchema } from './artifact-ref.js';
import { modelSpecSchema } from './campaign-spec.js';

/** What training leaves: the trunk of a fold, the members forked from it, the fold they make, and the student. */

const lossPointSchema = z.object({ step: z.int(), loss: z.number() });

/** What is said of every network that was trained. */
const training = {
  schemaVersion: z.literal(1),
  engine: z.string(),
  curve: z.array(lossPointSchema),
  stepsTotal: z.int(),
  /** Into how many parts batches were cut, since the device's memory did not hold a whole one; absent: whole batches. */
  batchParts: z.int().min(2).optional(),
};
/** What was to train on the worker's machine and could not be used there. */
const passedOver = z.string().optional();
/** Float32, little-endian, the flat weight vector. */
const weights = artifactRefSchema;

/** What the members of a fold have in common; they are forked from it. */
export const trainedTrunkSchema = z.object({
  ...training,
  passedOver,
  fold: z.int(),
  /** A checkpoint behind its last step. */
  state: artifactRefSchema,
});
export type TrainedTrunkRecord = z.infer<typeof trainedTrunkSchema>;

export const trainedMemberSchema = z.object({
  ...training,
  passedOver,
  fold: z.int(),
  operatingPoint: z.number(),
  weights,
});
export type TrainedMemberRecord = z.infer<typeof trainedMemberSchema>;

/** `engine`, `passedOver`: the trunk's; each member has its own, since another worker may have trained it. */
export const trainedFoldSchema = z.object({
  schemaVersion: z.literal(1),
  fold: z.int(),
  engine: z.string(),
  passedOver,
  trunkCurve: z.array(lossPointSchema),
  members: z.array(
    z.object({
      operatingPoint: z.number(),
      weights,
      curve: z.array(lossPointSchema),
      /** Absent in folds of earlier versions: the fold's. */
      engine: z.string().optional(),
      passedOver,
    }),
  ),
  /** Of trunk and members together. */
  stepsTotal: z.int(),
  /** The most that trunk or members have; absent: whole batches. */
  batchParts: z.int().min(2).optional(),
});
export type TrainedFold = z.infer<typeof trainedFoldSchema>;

/** A network that was taught the probabilities of a round's ensemble. */
export const trainedStudentSchema = z.object({
  ...training,
  /** Whose ensemble taught it. */
  round: z.int(),
  model: modelSpecSchema,
  weights,
  /**
   * ONNX of standard operators. Input `image`, shape (1, height, width, channels), pixel values as stored; output
   * `probabilities` of each foreground class, shape (1, height, width, classes − 1), or (1, 1, 1, classes − 1) of a
   * classifier.
   */
  onnx: artifactRefSchema,
  /** The size of image that the file takes: the most frequent one among the items that taught. */
  image: z.object({
    height: z.int(),
    width: z.int(),
    channels: z.union([z.literal(1), z.literal(3)]),
    dtype: z.enum(['uint8', 'float32']),
  }),
  classes: z.array(z.string()),
  labelledCount: z.int(),
  poolCount: z.int(),
});
export type TrainedStudentRecord = z.infer<typeof trainedStudentSchema>;
