import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { CampaignRun } from './campaign-run.js';
import { stepSummaries } from './step-summaries.js';
import { together } from './together.js';

export interface FoldOutcome {
  readonly model: ArtifactRef;
  readonly evidence: ArtifactRef;
}

/** Trains every fold and predicts what it held out; a fold that was asked to begin anew is done again, also when it had finished. */
export async function trainFolds(
  run: CampaignRun,
  { plan, packs }: { plan: ArtifactRef; packs: ArtifactRef },
): Promise<FoldOutcome[]> {
  const outcomes: FoldOutcome[] = [];
  const trainedWith: number[] = [];
  const outdated = () => run.restarts.flatMap((restart, fold) => (trainedWith[fold] === restart ? [] : [fold]));
  while (outdated().length > 0) {
    const folds = outdated();
    await together(folds.length, { window: folds.length }, async (index) => {
      const fold = folds[index]!;
      const restart = run.restarts[fold]!;
      const outcome = await unlessRestarted(run, { fold, restart }, () =>
        trainFold(run, { fold, restart, plan, packs }),
      );
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
  { fold, restart }: { fold: number; restart: number },
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

async function trainFold(
  run: CampaignRun,
  { fold, restart, plan, packs }: { fold: number; restart: number; plan: ArtifactRef; packs: ArtifactRef },
): Promise<FoldOutcome> {
  const { campaignId, spec, gpu, state } = run;
  const place = { campaignId, spec, round: state.round, fold, plan, packs };
  await run.unpaused();
  const trained = await gpu.trainFold.executeWithOptions(
    { summary: stepSummaries.trainFold(state.round, fold, spec) },
    [{ ...place, restart }],
  );
  await run.unpaused();
  const predicted = await gpu.predictOutOfFold.executeWithOptions(
    { summary: stepSummaries.predictOutOfFold(state.round, fold, spec) },
    [{ ...place, model: trained.fold }],
  );
  return { model: trained.fold, evidence: predicted.evidence };
}
