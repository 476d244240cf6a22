import type * as steps from '@probity/core/schemas/steps';

/** What workers promise to do. Bodies stand in `worker-gpu`; the bundle sees these types only. */
export interface CpuActivities {
  openCampaign(request: steps.OpenCampaignRequest): Promise<steps.OpenCampaignResult>;
  calibrateRound(request: steps.CalibrateRoundRequest): Promise<steps.CalibrateRoundResult>;
  selectShard(request: steps.SelectShardRequest): Promise<steps.SelectShardResult>;
  gatherSelections(request: steps.GatherSelectionsRequest): Promise<steps.GatherSelectionsResult>;
  publishVersion(request: steps.PublishVersionRequest): Promise<steps.PublishVersionResult>;
}

export interface GpuActivities {
  prepareItems(request: steps.PrepareItemsRequest): Promise<steps.PrepareItemsResult>;
  trainFold(request: steps.TrainFoldRequest): Promise<steps.TrainFoldResult>;
  predictOutOfFold(request: steps.PredictOutOfFoldRequest): Promise<steps.PredictOutOfFoldResult>;
  sweepShard(request: steps.SweepShardRequest): Promise<steps.SweepShardResult>;
  evaluateRound(request: steps.EvaluateRoundRequest): Promise<steps.EvaluateRoundResult>;
}
