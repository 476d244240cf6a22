import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import type { JobAnswer, TrainTrunkRequest, TrainTrunkResult } from '@probity/core/schemas/steps';
import type { TrainedTrunkRecord } from '@probity/core/schemas/trained-networks';
import { foldSteps, trainTrunk } from '@probity/training/train-fold';
import { encodeCheckpoint } from '@probity/training/training-state';
import { z } from 'zod';
import { trainPartOfFold } from './train-part-of-fold.js';
import type { JobContext } from './job-context.js';

const trunkResultSchema = z.object({ trunk: artifactRefSchema, stepsTotal: z.int() });

/** Trains the trunk of a fold. */
export function trainTrunkJob(request: TrainTrunkRequest, context: JobContext): Promise<JobAnswer<TrainTrunkResult>> {
  const { trunk: stepsTotal } = foldSteps(request.spec);
  return trainPartOfFold(
    {
      step: 'train-trunk',
      inputs: {},
      name: 'trunk',
      stepsTotal,
      schema: trunkResultSchema,
      train: trainTrunk,
      publish: async ({ state, curve, batchParts }, { put, putJson }, about) => {
        const checkpoint = { step: stepsTotal, curve, pending: { sum: 0, count: 0 }, batchParts, state };
        const record: TrainedTrunkRecord = { ...about, state: await put('trunk.ckpt', encodeCheckpoint(checkpoint)) };
        return { trunk: await putJson('trunk.json', record), stepsTotal };
      },
    },
    request,
    context,
  );
}
