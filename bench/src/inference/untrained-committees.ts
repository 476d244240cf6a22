import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { initialWeights } from '@probity/training/models/initial-weights';
import { createNetwork } from '@probity/training/models/network';
import { CLASS_COUNT } from '../benchmark-network.js';

/** Of each fold one flat weight vector a member, untrained: as slow as trained ones. */
export function untrainedCommittees(
  { model, input, ensemble, seed }: CampaignSpec,
  encoders: 'apart' | 'shared',
): Float32Array[][] {
  const { layout, encoderSize } = createNetwork({ model, channels: input.channels, classCount: CLASS_COUNT });
  return Array.from({ length: ensemble.folds }, (_, fold) => {
    const trunk = initialWeights(layout, seed, fold);
    return ensemble.operatingPoints.map((_point, member) =>
      initialWeights(layout, member + 1, fold).map((weight, i) =>
        encoders === 'shared' && i < encoderSize ? trunk[i]! : weight,
      ),
    );
  });
}
