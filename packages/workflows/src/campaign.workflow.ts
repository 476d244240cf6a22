import { afterCancel, afterOpen, afterRejection, afterRound } from '@probity/core/rounds/campaign-state';
import type { CampaignState, RoundSummary } from '@probity/core/schemas/campaign-state';
import { allHandlersFinished, condition, continueAsNew, isCancellation, patched } from '@temporalio/workflow';
import { campaignFailure } from './campaign-failure.js';
import { CampaignRun, type CampaignInput } from './campaign-run.js';
import { makeStudent } from './make-student.js';
import { publishProgress } from './search-attributes.js';
import { stepSummaries } from './step-summaries.js';
import { sweepPool } from './sweep-pool.js';
import { trainFolds } from './train-folds.js';

/** Rounds of training, calibration and pseudo-labels until a stop rule holds; one run of the workflow a round. */
export async function campaignWorkflow(input: CampaignInput): Promise<CampaignState> {
  const run = new CampaignRun(input);
  run.listen();
  try {
    if (run.state.plan === undefined) await open(run);
    await runRound(run);
    if (run.state.stopReason !== undefined && run.spec.student !== undefined && patched('student'))
      await makeStudent(run);
  } catch (error) {
    if (!isCancellation(error)) throw campaignFailure(error);
    run.state = afterCancel(run.state);
    publishProgress(run.spec, run.state);
    throw error;
  }
  if (run.state.stopReason !== undefined) {
    publishProgress(run.spec, run.state);
    await condition(allHandlersFinished);
    return run.state;
  }
  // Half-way handlers would be lost with this run, and so would a signal that is not carried.
  await condition(allHandlersFinished);
  const { state, shardCount, stopRequested, spec, dataset } = run;
  return continueAsNew<typeof campaignWorkflow>({ spec, dataset, resumeFrom: { state, shardCount, stopRequested } });
}

async function open(run: CampaignRun): Promise<void> {
  const { campaignId, spec, dataset, cpu } = run;
  publishProgress(spec, run.state);
  const opened = await cpu.openCampaign.executeWithOptions({ summary: stepSummaries.openCampaign() }, [
    { campaignId, spec, dataset },
  ]);
  run.state = afterOpen(run.state, opened.plan);
  run.shardCount = opened.shardCount;
}

async function runRound(run: CampaignRun): Promise<void> {
  const { campaignId, spec, gpu, cpu, state } = run;
  const { round } = state;
  const plan = state.plan!;
  const place = { campaignId, spec, round };
  const began = Date.now();

  await run.begin('preparing');
  const version = state.rounds.at(-1)?.version;
  const { packs } = await gpu.prepareItems.executeWithOptions({ summary: stepSummaries.prepareItems(round) }, [
    { ...place, plan, ...(version && { version }) },
  ]);

  await run.begin('training');
  const folds = await trainFolds(run, { plan, packs });
  const models = folds.map(({ model }) => model);

  await run.begin('calibrating');
  const calibrated = await cpu.calibrateRound.executeWithOptions({ summary: stepSummaries.calibrateRound(round) }, [
    { ...place, evidence: folds.map(({ evidence }) => evidence) },
  ]);
  const { calibration } = calibrated;

  await run.begin('sweeping');
  const pool = await sweepPool(run, { plan, models, calibration });

  if (spec.gate === 'manual') {
    await run.begin('gate');
    if ((await run.decision()) === 'rejected') {
      run.state = afterRejection(run.state);
      return;
    }
  }

  await run.begin('publishing');
  const published = await cpu.publishVersion.executeWithOptions({ summary: stepSummaries.publishVersion(round) }, [
    { ...place, plan, selections: [...pool.selections], calibration, models },
  ]);

  await run.begin('evaluating');
  const control = state.rounds[0]?.evaluation;
  const evaluated = await gpu.evaluateRound.executeWithOptions({ summary: stepSummaries.evaluateRound(round) }, [
    { ...place, plan, models, calibration, ...(control && { control }) },
  ]);

  const summary: RoundSummary = {
    round,
    score: evaluated.score,
    ...(evaluated.difference && { difference: evaluated.difference }),
    eceBefore: calibrated.eceBefore,
    eceAfter: calibrated.eceAfter,
    ...pool,
    selections: [...pool.selections],
    seconds: (Date.now() - began) / 1000,
    folds: models,
    calibration,
    version: published.version,
    evaluation: evaluated.evaluation,
  };
  run.state = afterRound(run.state, summary, { spec, stopRequested: run.stopRequested, rejected: false });
}
