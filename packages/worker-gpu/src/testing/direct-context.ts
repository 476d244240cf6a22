import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { directBatchSource } from '@probity/training/augmentation/batch-source';
import type { Engine } from '@probity/training/engine/engine';
import type { JobContext } from '../jobs/job-context.js';

/** What a job has at hand in a test: one engine for everything, no thread, and nobody who listens. */
export const directContext = (store: ArtifactStore, engine: Engine): JobContext => ({
  store,
  engine,
  ...trainedBy(engine),
  report: () => {},
  log: () => {},
  batchParts: 1,
  createBatches: directBatchSource,
});

/** Another engine that trains, and the one that was to. */
export const trainedBy = (engine: Engine, passedOver?: string): Pick<JobContext, 'trainingEngine'> => ({
  trainingEngine: () => Promise.resolve({ engine, ...(passedOver !== undefined && { passedOver }) }),
});
