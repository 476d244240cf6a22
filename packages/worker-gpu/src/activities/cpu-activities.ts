import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { CpuActivities } from '@probity/workflows/activities';
import { calibrateRound } from './calibrate-round.js';
import { gatherFold } from './gather-fold.js';
import { gatherSelections } from './gather-selections.js';
import { openCampaign } from './open-campaign.js';
import { publishVersion } from './publish-version.js';
import { selectShard } from './select-shard.js';

export function createCpuActivities(store: ArtifactStore): CpuActivities {
  return {
    openCampaign: openCampaign(store),
    gatherFold: gatherFold(store),
    calibrateRound: calibrateRound(store),
    selectShard: selectShard(store),
    gatherSelections: gatherSelections(store),
    publishVersion: publishVersion(store),
  };
}
