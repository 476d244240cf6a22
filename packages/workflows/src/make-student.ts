import { afterStudent, beginStudent, bestRound } from '@probity/core/rounds/campaign-state';
import type { CampaignRun } from './campaign-run.js';
import { publishProgress } from './search-attributes.js';
import { stepSummaries } from './step-summaries.js';

/** Lets the ensemble of the best round teach the student that the file asks for, behind the last round. */
export async function makeStudent(run: CampaignRun): Promise<void> {
  const { campaignId, spec, gpu } = run;
  const { stopReason, plan } = run.state;
  const teacher = bestRound(run.state);
  if (teacher === undefined) return; // refused at the gate of round 0: there is no ensemble that anybody wants
  const began = Date.now();
  run.state = beginStudent(run.state);
  publishProgress(spec, run.state);

  const { round, version, folds, calibration, evaluation } = teacher;
  const place = { campaignId, spec, round, plan: plan! };
  await run.unpaused();
  const trained = await gpu.trainStudent.executeWithOptions({ summary: stepSummaries.trainStudent(round) }, [
    { ...place, version, models: folds, calibration },
  ]);
  await run.unpaused();
  const evaluated = await gpu.evaluateStudent.executeWithOptions({ summary: stepSummaries.evaluateStudent(round) }, [
    { ...place, student: trained.student, ensemble: evaluation },
  ]);

  const { student, onnx, labelledCount, poolCount } = trained;
  const { score, difference } = evaluated;
  const made = { round, score, difference, labelledCount, poolCount, student, onnx, evaluation: evaluated.evaluation };
  run.state = afterStudent(run.state, { ...made, seconds: (Date.now() - began) / 1000 }, stopReason!);
}
