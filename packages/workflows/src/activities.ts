import type * as steps from '@probity/core/schemas/steps';

/** What workers promise to do. Bodies stand in `worker-gpu`; the bundle sees these types only. */
export interface CpuActivities {
  readonly openCampaign: (request: steps.OpenCampaignRequest) => Promise<steps.OpenCampaignResult>;
  readonly gatherFold: (request: steps.GatherFoldRequest) => Promise<steps.GatherFoldResult>;
  readonly calibrateRound: (request: steps.CalibrateRoundRequest) => Promise<steps.CalibrateRoundResult>;
  readonly selectShard: (request: steps.SelectShardRequest) => Promise<steps.SelectShardResult>;
  readonly gatherSelections: (request: steps.GatherSelectionsRequest) => Promise<steps.GatherSelectionsResult>;
  readonly publishVersion: (request: steps.PublishVersionRequest) => Promise<steps.PublishVersionResult>;
}

export interface GpuActivities {
  readonly prepareItems: (request: steps.PrepareItemsRequest) => Promise<steps.PrepareItemsResult>;
  readonly trainTrunk: (request: steps.TrainTrunkRequest) => Promise<steps.TrainTrunkResult>;
  readonly trainMember: (request: steps.TrainMemberRequest) => Promise<steps.TrainMemberResult>;
  /** Of campaigns that began before a fold's trunk and members were steps of their own. */
  readonly trainFold: (request: steps.TrainFoldRequest) => Promise<steps.TrainFoldResult>;
  readonly predictOutOfFold: (request: steps.PredictOutOfFoldRequest) => Promise<steps.PredictOutOfFoldResult>;
  readonly sweepShard: (request: steps.SweepShardRequest) => Promise<steps.SweepShardResult>;
  readonly evaluateRound: (request: steps.EvaluateRoundRequest) => Promise<steps.EvaluateRoundResult>;
  readonly trainStudent: (request: steps.TrainStudentRequest) => Promise<steps.TrainStudentResult>;
  readonly evaluateStudent: (request: steps.EvaluateStudentRequest) => Promise<steps.EvaluateStudentResult>;
}
