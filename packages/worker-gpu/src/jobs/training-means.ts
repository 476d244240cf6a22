import type { Engine } from '@probity/training/engine/engine';
import type { TrainingMeans } from '@probity/training/train-network';
import type { JobContext } from './job-context.js';

/** What a job trains with. */
export const trainingMeans = (
  { engine: predictingEngine, batchParts, keptTraining, createBatches = keptTraining?.createBatches }: JobContext,
  engine: Engine,
): TrainingMeans => ({
  engine,
  predictingEngine,
  batchParts,
  ...(createBatches && { createBatches }),
  ...(keptTraining && { compileStep: keptTraining.compile }),
});
