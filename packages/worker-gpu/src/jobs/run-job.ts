import { evaluateJob } from './evaluate-job.js';
import { evaluateStudentJob } from './evaluate-student-job.js';
import type { JobContext } from './job-context.js';
import type { JobRequest } from './job-messages.js';
import { predictJob } from './predict-job.js';
import { prepareJob } from './prepare-job.js';
import { sweepJob } from './sweep-job.js';
import { trainFoldJob } from './train-fold-job.js';
import { trainMemberJob } from './train-member-job.js';
import { trainStudentJob } from './train-student-job.js';
import { trainTrunkJob } from './train-trunk-job.js';

/** Runs one job; each answers what its activity answers. What one training keeps for the next is let go by any other job. */
export async function runJob(job: JobRequest, context: JobContext): Promise<unknown> {
  if (!TRAININGS.has(job.kind)) await context.keptTraining?.drop();
  switch (job.kind) {
    case 'prepare':
      return prepareJob(job.request, context);
    case 'train-trunk':
      return trainTrunkJob(job.request, context);
    case 'train-member':
      return trainMemberJob(job.request, context);
    case 'train-fold':
      return trainFoldJob(job.request, context);
    case 'predict':
      return predictJob(job.request, context);
    case 'sweep':
      return sweepJob(job.request, context);
    case 'evaluate':
      return evaluateJob(job.request, context);
    case 'train-student':
      return trainStudentJob(job.request, context);
    case 'evaluate-student':
      return evaluateStudentJob(job.request, context);
  }
}

const TRAININGS: ReadonlySet<JobRequest['kind']> = new Set([
  'train-trunk',
  'train-member',
  'train-fold',
  'train-student',
]);
