import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import { gatherFoldRequestSchema, type GatherFoldRequest, type GatherFoldResult } from '@probity/core/schemas/steps';
import { trainedMemberSchema, trainedTrunkSchema, type TrainedFold } from '@probity/core/schemas/trained-networks';
import { z } from 'zod';
import { asActivity } from './as-activity.js';
import { once, readJson } from './once.js';

const foldResultSchema = z.object({ fold: artifactRefSchema });

export const gatherFold = (store: ArtifactStore) =>
  asActivity(gatherFoldRequestSchema, (request, { signal }) => gatheredFold(store, request, signal));

/** Writes a trained trunk and its members down as one fold, in the order in which the members are named. */
export function gatheredFold(
  store: ArtifactStore,
  { fold, trunk, members }: Pick<GatherFoldRequest, 'fold' | 'trunk' | 'members'>,
  signal?: AbortSignal,
): Promise<GatherFoldResult> {
  const inputs = { trunk: trunk.sha256, members: members.map(({ sha256 }) => sha256) };
  const request = { store, step: 'gather-fold', version: 1, inputs, schema: foldResultSchema } as const;
  return once({ ...request, ...(signal && { signal }) }, async ({ putJson }) => {
    const trained = await readJson(store, trunk, trainedTrunkSchema);
    const forks = await Promise.all(members.map((member) => readJson(store, member, trainedMemberSchema)));
    const all = [trained, ...forks];
    const batchParts = Math.max(...all.map((part) => part.batchParts ?? 1));
    const record: TrainedFold = {
      schemaVersion: 1,
      fold,
      ...trainedBy(trained),
      trunkCurve: trained.curve,
      members: forks.map((member) => ({
        operatingPoint: member.operatingPoint,
        weights: member.weights,
        curve: member.curve,
        ...trainedBy(member),
      })),
      stepsTotal: all.reduce((sum, { stepsTotal }) => sum + stepsTotal, 0),
      ...(batchParts > 1 && { batchParts }),
    };
    return { fold: await putJson('fold.json', record) };
  });
}

const trainedBy = ({ engine, passedOver }: { engine: string; passedOver?: string | undefined }) => ({
  engine,
  ...(passedOver !== undefined && { passedOver }),
});
