import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { Graph } from '@probity/tfjs-graph/graph';
import { ensembleGraph } from '@probity/training/inference/ensemble';
import { CLASS_COUNT } from '../benchmark-network.js';
import { calibrationOf } from './sweep-campaign.js';
import { untrainedCommittees } from './untrained-committees.js';

/** All members of a campaign over one batch, untrained: as slow as trained ones. */
export function untrainedEnsemble(spec: CampaignSpec, encoders: 'apart' | 'shared'): Graph {
  const { model, input, training } = spec;
  const committees = untrainedCommittees(spec, encoders);
  const ensemble = { model, input, classCount: CLASS_COUNT, committees, calibration: calibrationOf(spec) };
  return ensembleGraph(ensemble, training.batchSize);
}
