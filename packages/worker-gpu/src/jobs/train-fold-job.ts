import type { JobAnswer, TrainFoldRequest, TrainFoldResult } from '@probity/core/schemas/steps';
import { gatheredFold } from '../activities/gather-fold.js';
import type { JobContext } from './job-context.js';
import { trainMemberJob } from './train-member-job.js';
import { trainTrunkJob } from './train-trunk-job.js';

/**
 * A fold's trunk and members one after the other, for campaigns that began before these were steps of their own. What is
 * finished is found, as those steps would find it.
 */
export async function trainFoldJob(
  request: TrainFoldRequest,
  context: JobContext,
): Promise<JobAnswer<TrainFoldResult>> {
  const { trunk, ...trained } = await trainTrunkJob(request, context);
  const parts = [trained];
  const members = [];
  for (const operatingPoint of request.spec.ensemble.operatingPoints) {
    const { member, ...forked } = await trainMemberJob({ ...request, trunk, operatingPoint }, context);
    members.push(member);
    parts.push(forked);
  }
  const sum = (count: 'stepsTotal' | 'stepsRun' | 'waitedMilliseconds') =>
    parts.reduce((total, part) => total + (part[count] ?? 0), 0);
  const gathered = await gatheredFold(context.store, { fold: request.fold, trunk, members });
  return {
    ...gathered,
    memberCount: members.length,
    stepsTotal: sum('stepsTotal'),
    stepsRun: sum('stepsRun'),
    waitedMilliseconds: sum('waitedMilliseconds'),
  };
}
