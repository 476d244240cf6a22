import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { Tensor } from '@tensorflow/tfjs';

/** What a network needs to know of its surroundings. */
export interface NetworkShape {
  readonly model: CampaignSpec['model'];
  readonly channels: 1 | 3;
  readonly classCount: number;
}

/** A network's parameter by its name. */
export type ParameterLookup = (name: string) => Tensor;
