import type { ProbityError } from '@probity/core/errors';
import * as steps from '@probity/core/schemas/steps';
import type { GpuActivities } from '@probity/workflows/activities';
import { engineLoss } from '../jobs/engine-loss.js';
import type { JobRequest } from '../jobs/job-messages.js';
import type { JobProcesses } from '../jobs/job-processes.js';
import { asActivity, type ActivityContext } from './as-activity.js';

/**
 * Every step that computes runs as a job in a process of its own; the activity supervises it.
 *
 * @param onEngineLoss Called when a job found that this worker's engines are gone: no other should come.
 */
export function createGpuActivities(jobs: JobProcesses, onEngineLoss: (loss: ProbityError) => void): GpuActivities {
  const supervise = async <Result>(job: JobRequest, { signal, report }: ActivityContext): Promise<Result> => {
    try {
      const { result, busyMilliseconds } = await jobs.run(job, { signal, onProgress: report });
      // Each job's answer was parsed where it was made, in `once`.
      return { ...(result as object), busyMilliseconds: Math.round(busyMilliseconds) } as Result;
    } catch (error) {
      const loss = await engineLoss(error, jobs);
      if (!loss) throw error;
      onEngineLoss(loss);
      throw loss;
    }
  };
  return {
    prepareItems: asActivity(steps.prepareItemsRequestSchema, (request, context) =>
      supervise({ kind: 'prepare', request }, context),
    ),
    trainTrunk: asActivity(steps.trainTrunkRequestSchema, (request, context) =>
      supervise({ kind: 'train-trunk', request }, context),
    ),
    trainMember: asActivity(steps.trainMemberRequestSchema, (request, context) =>
      supervise({ kind: 'train-member', request }, context),
    ),
    trainFold: asActivity(steps.trainFoldRequestSchema, (request, context) =>
      supervise({ kind: 'train-fold', request }, context),
    ),
    predictOutOfFold: asActivity(steps.predictOutOfFoldRequestSchema, (request, context) =>
      supervise({ kind: 'predict', request }, context),
    ),
    sweepShard: asActivity(steps.sweepShardRequestSchema, (request, context) =>
      supervise({ kind: 'sweep', request }, context),
    ),
    evaluateRound: asActivity(steps.evaluateRoundRequestSchema, (request, context) =>
      supervise({ kind: 'evaluate', request }, context),
    ),
    trainStudent: asActivity(steps.trainStudentRequestSchema, (request, context) =>
      supervise({ kind: 'train-student', request }, context),
    ),
    evaluateStudent: asActivity(steps.evaluateStudentRequestSchema, (request, context) =>
      supervise({ kind: 'evaluate-student', request }, context),
    ),
  };
}
