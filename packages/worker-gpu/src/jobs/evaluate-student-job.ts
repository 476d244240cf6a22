import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import { evaluationSchema, intervalSchema } from '@probity/core/schemas/round-artifacts';
import { trainedStudentSchema } from '@probity/core/schemas/trained-networks';
import type { EvaluateStudentRequest, EvaluateStudentResult, JobAnswer } from '@probity/core/schemas/steps';
import { imagesOfPart } from '@probity/training/batch-parts';
import { createStudent } from '@probity/training/inference/student';
import { ImageSizes } from '@probity/training/inference/prepare-images';
import { z } from 'zod';
import { once, readJson } from '../activities/once.js';
import type { JobContext } from './job-context.js';
import { judgeItems, testInputs } from './judge-items.js';
import { readCampaign } from './known-campaign.js';
import { parameterCountOf, readWeights } from './trained-weights.js';
import { INFERENCE_BATCH } from './predict-items.js';

const evaluateStudentResultSchema = z.object({
  evaluation: artifactRefSchema,
  score: intervalSchema,
  difference: intervalSchema,
});

/** Judges a student on the locked test set as its ensemble was judged, and against it. */
export async function evaluateStudentJob(
  request: EvaluateStudentRequest,
  context: JobContext,
): Promise<JobAnswer<EvaluateStudentResult>> {
  const { spec, round } = request;
  const { store, engine, log, batchParts } = context;
  const { plan, classes, item } = await readCampaign(store, request.plan);
  const items = plan.test.map(item);
  const inputs = {
    items: testInputs(items),
    student: request.student.sha256,
    ensemble: request.ensemble.sha256,
    seed: spec.seed,
    input: spec.input,
    engine: engine.name,
  };
  return once(
    { store, step: 'evaluate-student', version: 1, inputs, schema: evaluateStudentResultSchema },
    async ({ putJson }) => {
      const { model, weights } = await readJson(store, request.student, trainedStudentSchema);
      const parameterCount = parameterCountOf({ model, input: spec.input }, classes.length);
      const network = {
        model,
        input: spec.input,
        classCount: classes.length,
        weights: await readWeights(store, weights, parameterCount),
      };
      const predictor = await createStudent(network, {
        engine,
        batchSize: imagesOfPart(INFERENCE_BATCH, batchParts),
        onBatchHalved: (images) =>
          log(`The memory does not hold a batch of the student; it predicts ${images} images at a time`),
      });
      const loaded = { predictor, sizes: new ImageSizes(engine) };
      try {
        const against = await readJson(store, request.ensemble, evaluationSchema);
        const title = `the student of round ${round}`;
        const evaluation = await judgeItems(items, { title, round, spec, classes, loaded, context, against });
        const { score, difference } = evaluation;
        return { evaluation: await putJson('evaluation.json', evaluation), score, difference: difference! };
      } finally {
        await Promise.all([loaded.predictor.dispose(), loaded.sizes.dispose()]);
      }
    },
  );
}
