import * as steps from '@probity/core/schemas/steps';
import type { GpuActivities } from '@probity/workflows/activities';
import type { JobRequest } from '../jobs/job-messages.js';
import type { JobProcesses } from '../jobs/job-processes.js';
import { asActivity, type ActivityContext } from './as-activity.js';

/** Every step that computes runs as a job in a process of its own; the activity supervises it. */
export function createGpuActivities(jobs: JobProcesses): GpuActivities {
  const supervise = async <Result>(job: JobRequest, { signal, report }: ActivityContext): Promise<Result> => {
    const { result, busyMilliseconds } = await jobs.run(job, { signal, onProgress: report });
    // Each job's answer was parsed where it was made, in `once`.
    return { ...(result as object), busyMilliseconds: Math.round(busyMilliseconds) } as Result;
  };
  return {
    prepareItems: asActivity(steps.prepareItemsRequestSchema, (request, context) =>
      supervise({ kind: 'prepare', request }, context),
    ),
    trainFold: asActivity(steps.trainFoldRequestSchema, (request, context) =>
      supervise({ kind: 'train', request }, context),
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
