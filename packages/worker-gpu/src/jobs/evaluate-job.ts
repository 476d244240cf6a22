import { evaluationSchema, intervalSchema } from '@probity/core/schemas/round-artifacts';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import type { EvaluateRoundRequest, EvaluateRoundResult, JobAnswer } from '@probity/core/schemas/steps';
import { z } from 'zod';
import { once, readJson } from '../activities/once.js';
import type { JobContext } from './job-context.js';
import { judgeItems, testInputs } from './judge-items.js';
import { readCampaign } from './known-campaign.js';
import { loadEnsemble } from './loaded-ensemble.js';

const evaluateResultSchema = z.object({
  evaluation: artifactRefSchema,
  score: intervalSchema,
  difference: intervalSchema.optional(),
});

/** Judges a round's ensemble on the locked test set, at each image's own size, and against round 0. */
export async function evaluateJob(
  request: EvaluateRoundRequest,
  context: JobContext,
): Promise<JobAnswer<EvaluateRoundResult>> {
  const { spec, round, models, calibration, control } = request;
  const { store, engine } = context;
  const { plan, classes, item } = await readCampaign(store, request.plan);
  const items = plan.test.map(item);
  const inputs = {
    items: testInputs(items),
    models: models.map(({ sha256 }) => sha256),
    calibration: calibration.sha256,
    control: control?.sha256,
    round,
    seed: spec.seed,
    network: spec.model,
    input: spec.input,
    engine: engine.name,
  };
  return once(
    { store, step: 'evaluate-round', version: 2, inputs, schema: evaluateResultSchema },
    async ({ putJson }) => {
      const loaded = await loadEnsemble(
        { spec, models, calibration, classCount: classes.length, isJudged: true },
        context,
      );
      const evaluation = await judgeItems(items, {
        title: `round ${round}`,
        round,
        spec,
        classes,
        loaded,
        context,
        ...(control && { against: await readJson(store, control, evaluationSchema) }),
      });
      const { score, difference } = evaluation;
      return { evaluation: await putJson('evaluation.json', evaluation), score, ...(difference && { difference }) };
    },
  );
}
