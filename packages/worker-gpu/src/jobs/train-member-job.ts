import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { artifactRefSchema, type ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { JobAnswer, TrainMemberRequest, TrainMemberResult } from '@probity/core/schemas/steps';
import { trainedTrunkSchema, type TrainedMemberRecord } from '@probity/core/schemas/trained-networks';
import { bytesOf } from '@probity/training/float-bytes';
import { foldSteps, trainMember, type TrainedTrunk } from '@probity/training/train-fold';
import { decodeCheckpoint } from '@probity/training/training-state';
import { z } from 'zod';
import { readJson } from '../activities/once.js';
import { trainPartOfFold } from './train-part-of-fold.js';
import type { JobContext } from './job-context.js';

const memberResultSchema = z.object({ member: artifactRefSchema, stepsTotal: z.int() });

/** Trains one member of a fold from the fold's trunk. */
export function trainMemberJob(
  request: TrainMemberRequest,
  context: JobContext,
): Promise<JobAnswer<TrainMemberResult>> {
  const { spec, trunk, operatingPoint } = request;
  const { fork: stepsTotal } = foldSteps(spec);
  return trainPartOfFold(
    {
      step: 'train-member',
      inputs: { trunk: trunk.sha256, operatingPoint, forkTrains: spec.ensemble.forkTrains },
      name: `w=${operatingPoint}`,
      stepsTotal,
      schema: memberResultSchema,
      train: async (fold, hooks) =>
        trainMember({ ...fold, operatingPoint, trunk: await readTrunk(context.store, trunk) }, hooks),
      publish: async ({ weights }, { put, putJson }, about) => {
        const record: TrainedMemberRecord = {
          ...about,
          operatingPoint,
          weights: await put('weights.f32', bytesOf(weights)),
        };
        return { member: await putJson('member.json', record), stepsTotal };
      },
    },
    request,
    context,
  );
}

async function readTrunk(store: ArtifactStore, ref: ArtifactRef): Promise<TrainedTrunk> {
  const { state } = await readJson(store, ref, trainedTrunkSchema);
  return decodeCheckpoint(await store.get(state), state.key);
}
