import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type { CreateBatchSource } from '@probity/training/augmentation/batch-source';
import type { Engine } from '@probity/training/engine/engine';
import { evaluateJob } from './evaluate-job.js';
import type { JobRequest } from './job-messages.js';
import { predictJob } from './predict-job.js';
import { prepareJob } from './prepare-job.js';
import { sweepJob } from './sweep-job.js';
import { trainJob } from './train-job.js';

/** What every job has at hand. */
export interface JobContext {
  readonly store: ArtifactStore;
  readonly engine: Engine;
  readonly report: (progress: JobProgress) => void;
  /** Where batches are made; in a thread beside the step unless said otherwise. */
  readonly createBatches?: CreateBatchSource;
}

/** Runs one job; each answers what its activity answers. */
export function runJob(job: JobRequest, context: JobContext): Promise<unknown> {
  switch (job.kind) {
    case 'prepare':
      return prepareJob(job.request, context);
    case 'train':
      return trainJob(job.request, context);
    case 'predict':
      return predictJob(job.request, context);
    case 'sweep':
      return sweepJob(job.request, context);
    case 'evaluate':
      return evaluateJob(job.request, context);
  }
}
