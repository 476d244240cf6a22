import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { calibrationSchema, convolutionRangesSchema } from '@probity/core/schemas/round-artifacts';
import { trainedFoldSchema } from '@probity/core/schemas/trained-networks';
import { imagesOfPart } from '@probity/training/batch-parts';
import { createEnsemble } from '@probity/training/inference/ensemble';
import { createEnsembleWithEarlyExit } from '@probity/training/inference/ensemble-with-early-exit';
import { ImageSizes } from '@probity/training/inference/prepare-images';
import { readJson } from '../activities/once.js';
import type { JobContext } from './job-context.js';
import { parameterCountOf, readWeights } from './trained-weights.js';
import { INFERENCE_BATCH, type LoadedPredictor } from './predict-items.js';

export interface EnsembleRequest {
  readonly spec: CampaignSpec;
  readonly models: readonly ArtifactRef[];
  readonly calibration: ArtifactRef;
  readonly classCount: number;
  /** Judged predictions are of all members, and are told before calibration too; others may leave behind the first ones. */
  readonly isJudged: boolean;
}

/** So that those which stay, of several batches, fill the next ones. */
const IMAGES_AT_ONCE_WITH_EXIT = 4 * INFERENCE_BATCH;

let loaded: { readonly key: string; readonly value: LoadedPredictor } | undefined;

/** The ensemble of a round, kept between the shards of a sweep: compiling it takes longer than a small shard. */
export async function loadEnsemble(
  request: EnsembleRequest,
  { store, engine, log, batchParts, allThreads }: JobContext,
): Promise<LoadedPredictor> {
  const { spec, models, classCount, isJudged } = request;
  const mayLeaveEarly = !isJudged && spec.inference.earlyExit;
  const key = [...models.map(({ sha256 }) => sha256), request.calibration.sha256, batchParts, isJudged].join(' ');
  if (loaded?.key === key) return loaded.value;
  if (loaded) await Promise.all([loaded.value.predictor.dispose(), loaded.value.sizes.dispose()]);
  loaded = undefined;
  const calibration = await readJson(store, request.calibration, calibrationSchema);
  const folds = await Promise.all(models.map((ref) => readJson(store, ref, trainedFoldSchema)));
  const parameterCount = parameterCountOf(spec, classCount);
  const committees = await Promise.all(
    folds.map(({ members }) => Promise.all(members.map(({ weights }) => readWeights(store, weights, parameterCount)))),
  );
  const { precision } = calibration;
  const ranges =
    precision?.used === 'int8' &&
    (await Promise.all(precision.ranges.map((ref) => readJson(store, ref, convolutionRangesSchema)))).flat();
  const ensemble = { model: spec.model, input: spec.input, classCount, committees, calibration };
  const options = {
    engine,
    batchSize: imagesOfPart(INFERENCE_BATCH, batchParts),
    onBatchHalved: (images: number) =>
      log(`The memory does not hold a batch of the ensemble; it predicts ${images} images at a time`),
  };
  const sizes = new ImageSizes(engine);
  const value: LoadedPredictor =
    mayLeaveEarly && calibration.earlyExit?.used
      ? {
          predictor: await createEnsembleWithEarlyExit(ensemble, options),
          sizes,
          imagesAtOnce: IMAGES_AT_ONCE_WITH_EXIT,
        }
      : {
          predictor: await createEnsemble(ensemble, {
            ...options,
            ...(isJudged && { withUncalibrated: true, threads: allThreads }),
            ...(ranges && { ranges }),
          }),
          sizes,
        };
  loaded = { key, value };
  return value;
}
