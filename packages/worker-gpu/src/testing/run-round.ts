import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type {
  EvaluateRoundResult,
  EvaluateStudentResult,
  JobAnswer,
  OpenCampaignResult,
  PredictOutOfFoldResult,
  PrepareItemsResult,
  PublishVersionResult,
  SelectShardResult,
  SweepShardResult,
  TrainFoldRequest,
  TrainMemberResult,
  TrainStudentResult,
  TrainTrunkResult,
} from '@probity/core/schemas/steps';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createCpuActivities } from '../activities/cpu-activities.js';
import type { JobContext } from '../jobs/job-context.js';
import { runJob } from '../jobs/run-job.js';
import type { JobRequest } from '../jobs/job-messages.js';

export interface RoundRequest {
  readonly spec: CampaignSpec;
  readonly dataset: ArtifactRef;
  readonly round: number;
  readonly version?: ArtifactRef;
  readonly control?: ArtifactRef;
}

export interface FoldOutcome {
  readonly fold: ArtifactRef;
  /** The trunk's answer, and one a member. */
  readonly parts: readonly (JobAnswer<TrainTrunkResult> | JobAnswer<TrainMemberResult>)[];
}

export interface RoundOutcome {
  readonly opened: OpenCampaignResult;
  readonly prepared: JobAnswer<PrepareItemsResult>;
  readonly trained: readonly FoldOutcome[];
  readonly predicted: readonly JobAnswer<PredictOutOfFoldResult>[];
  readonly calibration: ArtifactRef;
  readonly swept: readonly JobAnswer<SweepShardResult>[];
  readonly selected: readonly SelectShardResult[];
  readonly published: PublishVersionResult;
  readonly evaluated: JobAnswer<EvaluateRoundResult>;
}

export const campaignId = 'c1';

/** Every step of a round, one after the other, in this process: what the workflow does, without Temporal. */
export async function runRound(
  { spec, dataset, round, version, control }: RoundRequest,
  context: JobContext,
): Promise<RoundOutcome> {
  const { store } = context;
  const cpu = createCpuActivities(store);
  const job = jobsIn(context);
  const place = { campaignId, spec, round };

  const opened = await step(cpu.openCampaign, { campaignId, spec, dataset });
  const { plan } = opened;
  const prepared = await job<PrepareItemsResult>({
    kind: 'prepare',
    request: { ...place, plan, ...(version && { version }) },
  });
  const { packs } = prepared;
  const trained: FoldOutcome[] = [];
  const predicted: JobAnswer<PredictOutOfFoldResult>[] = [];
  for (let fold = 0; fold < spec.ensemble.folds; fold++) {
    const inFold = { ...place, fold, plan, packs };
    const outcome = await runFold({ ...inFold, restart: 0 }, context);
    trained.push(outcome);
    predicted.push(await job({ kind: 'predict', request: { ...inFold, model: outcome.fold } }));
  }
  const models = trained.map(({ fold }) => fold);
  const evidence = predicted.map((result) => result.evidence);
  const { calibration } = await step(cpu.calibrateRound, { ...place, evidence });
  const swept: JobAnswer<SweepShardResult>[] = [];
  const selected: SelectShardResult[] = [];
  for (let shard = 0; shard < opened.shardCount; shard++) {
    const result = await job<SweepShardResult>({
      kind: 'sweep',
      request: { ...place, shard, plan, models, calibration },
    });
    swept.push(result);
    selected.push(await step(cpu.selectShard, { ...place, shard, predictions: result.predictions, calibration }));
  }
  const selections = selected.map(({ selection }) => selection);
  const { list } = await step(cpu.gatherSelections, { ...place, batch: 0, selections });
  const published = await step(cpu.publishVersion, { ...place, plan, selections: [list], calibration, models });
  const evaluated = await job<EvaluateRoundResult>({
    kind: 'evaluate',
    request: { ...place, plan, models, calibration, ...(control && { control }) },
  });
  return { opened, prepared, trained, predicted, calibration, swept, selected, published, evaluated };
}

/** The steps of one fold's training. */
export async function runFold(request: TrainFoldRequest, context: JobContext): Promise<FoldOutcome> {
  const job = jobsIn(context);
  const trunk = await job<TrainTrunkResult>({ kind: 'train-trunk', request });
  const members: JobAnswer<TrainMemberResult>[] = [];
  for (const operatingPoint of request.spec.ensemble.operatingPoints)
    members.push(await job({ kind: 'train-member', request: { ...request, trunk: trunk.trunk, operatingPoint } }));
  const { spec, round, fold } = request;
  const refs = { trunk: trunk.trunk, members: members.map(({ member }) => member) };
  const cpu = createCpuActivities(context.store);
  const gathered = await step(cpu.gatherFold, { campaignId, spec, round, fold, ...refs });
  return { fold: gathered.fold, parts: [trunk, ...members] };
}

const jobsIn =
  (context: JobContext) =>
  async <Result extends { readonly busyMilliseconds: number }>(request: JobRequest) =>
    (await runJob(request, context)) as JobAnswer<Result>;

function step<Request, Result>(activity: (request: Request) => Promise<Result>, request: Request): Promise<Result> {
  return new MockActivityEnvironment().run(activity, request) as Promise<Result>;
}

/** Keys of a store that begin with a prefix. */
export async function keysOf(store: ArtifactStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

export interface StudentOutcome {
  readonly trained: JobAnswer<TrainStudentResult>;
  readonly evaluated: JobAnswer<EvaluateStudentResult>;
}

/** The student of a round that was run. */
export async function runStudent(
  { spec, round, outcome }: { spec: CampaignSpec; round: number; outcome: RoundOutcome },
  context: JobContext,
): Promise<StudentOutcome> {
  const { opened, published, calibration } = outcome;
  const place = { campaignId, spec, round, plan: opened.plan };
  const models = outcome.trained.map(({ fold }) => fold);
  const trained = (await runJob(
    { kind: 'train-student', request: { ...place, version: published.version, models, calibration } },
    context,
  )) as StudentOutcome['trained'];
  const evaluated = (await runJob(
    {
      kind: 'evaluate-student',
      request: { ...place, student: trained.student, ensemble: outcome.evaluated.evaluation },
    },
    context,
  )) as StudentOutcome['evaluated'];
  return { trained, evaluated };
}
