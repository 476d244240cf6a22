import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { TrainFoldRequest } from '@probity/core/schemas/steps';
import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { CampaignRun } from './campaign-run.js';
import { stepSummaries } from './step-summaries.js';
import { together } from './together.js';

export interface FoldOutcome {
  readonly model: ArtifactRef;
  readonly evidence: ArtifactRef;
}

/** Campaigns whose round began before this have a fold's trunk and members in one step. */
const MEMBERS_ARE_STEPS = 'members-are-steps';

/** Trains every fold and predicts what it held out; a fold that was asked to begin anew is done again, also when it had finished. */
export async function trainFolds(
  run: CampaignRun,
  { plan, packs }: { plan: ArtifactRef; packs: ArtifactRef },
): Promise<FoldOutcome[]> {
  const { campaignId, spec, state } = run;
  const train = patched(MEMBERS_ARE_STEPS) ? trainPartByPart : trainInOneStep;
  const outcomes: FoldOutcome[] = [];
  const trainedWith: number[] = [];
  const outdated = () => run.restarts.flatMap((restart, fold) => (trainedWith[fold] === restart ? [] : [fold]));
  while (outdated().length > 0) {
    const folds = outdated();
    await together(folds.length, { window: folds.length }, async (index) => {
      const fold = folds[index]!;
      const restart = run.restarts[fold]!;
      const request = { campaignId, spec, round: state.round, fold, plan, packs, restart };
      const outcome = await unlessRestarted(run, request, async () => {
        const model = await train(run, request);
        return { model, evidence: await predictOutOfFold(run, request, model) };
      });
      if (outcome === undefined) return;
      outcomes[fold] = outcome;
      trainedWith[fold] = restart;
    });
  }
  return outcomes;
}

/** `undefined` where the fold was asked to begin anew while it ran. */
async function unlessRestarted<Result>(
  run: CampaignRun,
  { fold, restart }: Pick<TrainFoldRequest, 'fold' | 'restart'>,
  body: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await run.inTrainingScope(fold, body);
  } catch (error) {
    const restarted =
      isCancellation(error) && run.restarts[fold] !== restart && !CancellationScope.current().consideredCancelled;
    if (restarted) return undefined;
    throw error;
  }
}

/** First the trunk, then all members side by side: where other folds have their turn too, no slot is idle for long. */
async function trainPartByPart(run: CampaignRun, request: TrainFoldRequest): Promise<ArtifactRef> {
  const { gpu, cpu, spec } = run;
  const { campaignId, round, fold } = request;
  const { operatingPoints } = spec.ensemble;
  await run.unpaused();
  const { trunk } = await gpu.trainTrunk.executeWithOptions({ summary: stepSummaries.trainTrunk(round, fold, spec) }, [
    request,
  ]);
  const members = await together(operatingPoints.length, { window: operatingPoints.length }, async (index) => {
    const operatingPoint = operatingPoints[index]!;
    await run.unpaused();
    const ofMember = { ...request, trunk, operatingPoint };
    const summary = stepSummaries.trainMember(ofMember);
    return (await gpu.trainMember.executeWithOptions({ summary }, [ofMember])).member;
  });
  await run.unpaused();
  const summary = stepSummaries.gatherFold(round, fold, spec);
  return (await cpu.gatherFold.executeWithOptions({ summary }, [{ campaignId, spec, round, fold, trunk, members }]))
    .fold;
}

async function trainInOneStep(run: CampaignRun, request: TrainFoldRequest): Promise<ArtifactRef> {
  await run.unpaused();
  const summary = stepSummaries.trainFold(request.round, request.fold, run.spec);
  return (await run.gpu.trainFold.executeWithOptions({ summary }, [request])).fold;
}

async function predictOutOfFold(
  run: CampaignRun,
  { campaignId, spec, round, fold, plan, packs }: TrainFoldRequest,
  model: ArtifactRef,
): Promise<ArtifactRef> {
  await run.unpaused();
  const summary = stepSummaries.predictOutOfFold(round, fold, spec);
  const request = { campaignId, spec, round, fold, plan, packs, model };
  return (await run.gpu.predictOutOfFold.executeWithOptions({ summary }, [request])).evidence;
}
