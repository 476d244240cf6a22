import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { floatsFrom } from '@probity/training/float-bytes';
import { createNetwork } from '@probity/training/models/network';

/**
 * A member's flat weight vector.
 *
 * @param parameterCount Of the network that is to take it.
 * @throws {ProbityError} `ARTIFACT_CORRUPT` where it is not that network's.
 */
export async function readWeights(
  store: ArtifactStore,
  ref: ArtifactRef,
  parameterCount: number,
): Promise<Float32Array> {
  const bytes = await store.get(ref);
  if (bytes.length !== 4 * parameterCount) {
    const state = `${bytes.length} bytes, where the network's ${parameterCount} parameters take ${4 * parameterCount}; they are another network's, or another version of Probity wrote them`;
    throw new ProbityError('ARTIFACT_CORRUPT', `Cannot read weights "${ref.key}": ${state}`, {
      details: { key: ref.key },
    });
  }
  return floatsFrom(bytes);
}

/** Numbers that a network of a campaign learns. */
export const parameterCountOf = ({ model, input }: Pick<CampaignSpec, 'model' | 'input'>, classCount: number): number =>
  createNetwork({ model, channels: input.channels, classCount }).layout.parameterCount;
