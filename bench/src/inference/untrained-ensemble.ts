import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { Graph } from '@probity/tfjs-graph/graph';
import { ensembleGraph } from '@probity/training/inference/ensemble';
import { initialWeights } from '@probity/training/models/initial-weights';
import { createNetwork } from '@probity/training/models/network';
import { CLASS_COUNT } from '../benchmark-network.js';
import { calibrationOf } from './sweep-campaign.js';

/** All members of a campaign over one batch, untrained: as slow as trained ones. */
export function untrainedEnsemble(spec: CampaignSpec, encoders: 'apart' | 'shared'): Graph {
  const { model, input, training } = spec;
  const committees = untrainedCommittees(spec, encoders);
  const ensemble = { model, input, classCount: CLASS_COUNT, committees, calibration: calibrationOf(spec) };
  return ensembleGraph(ensemble, training.batchSize);
}

/** One flat weight vector a member. */
function untrainedCommittees(
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
