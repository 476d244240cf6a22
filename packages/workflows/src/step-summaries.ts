import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { TrainMemberRequest } from '@probity/core/schemas/steps';

/** The line that Temporal's own page shows beside a step. Folds are counted from 1 there, as people count. */
export const stepSummaries = {
  openCampaign: () => 'split groups, freeze folds, cut the pool into shards',
  prepareItems: (round: number) => `round ${round}: images and labels at the network's size`,
  trainTrunk: (round: number, fold: number, { ensemble }: Pick<CampaignSpec, 'ensemble'>) =>
    `round ${round}: fold ${fold + 1} of ${ensemble.folds}, trunk`,
  trainMember: ({ round, fold, operatingPoint, spec: { ensemble } }: TrainMemberRequest) =>
    `round ${round}: fold ${fold + 1} of ${ensemble.folds}, member w=${operatingPoint}`,
  gatherFold: (round: number, fold: number, { ensemble }: Pick<CampaignSpec, 'ensemble'>) =>
    `round ${round}: fold ${fold + 1} of ${ensemble.folds}, gather`,
  trainFold: (round: number, fold: number, { ensemble }: Pick<CampaignSpec, 'ensemble'>) =>
    `round ${round}: fold ${fold + 1} of ${ensemble.folds}, trunk and ${ensemble.operatingPoints.length} members`,
  predictOutOfFold: (round: number, fold: number, { ensemble }: Pick<CampaignSpec, 'ensemble'>) =>
    `round ${round}: out-of-fold predictions ${fold + 1} of ${ensemble.folds}`,
  calibrateRound: (round: number) => `round ${round}: votes to probabilities, thresholds`,
  sweepShard: (round: number, shard: number) => `round ${round}: shard ${shard + 1}, predict`,
  selectShard: (round: number, shard: number) => `round ${round}: shard ${shard + 1}, select`,
  gatherSelections: (round: number, batch: number) => `round ${round}: batch ${batch + 1}, gather`,
  publishVersion: (round: number) => `round ${round}: data-set version and ledger`,
  evaluateRound: (round: number) => `round ${round}: locked test set, against round 0`,
  trainStudent: (round: number) => `student: taught by the ensemble of round ${round}`,
  evaluateStudent: (round: number) => `student: locked test set, against the ensemble of round ${round}`,
} as const;
