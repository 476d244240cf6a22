import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type { CreateBatchSource } from '@probity/training/augmentation/batch-source';
import type { Engine } from '@probity/training/engine/engine';
import type { TrainingEngine } from '@probity/training/engine/training-engine';
import type { KeptTraining } from '@probity/training/kept-training';

/** What every job has at hand. */
export interface JobContext {
  readonly store: ArtifactStore;
  /** Prepares images and predicts. */
  readonly engine: Engine;
  /** What trains; made when the first job asks, since it may be a library of its own. */
  readonly trainingEngine: () => Promise<Pick<TrainingEngine, 'engine' | 'passedOver'>>;
  readonly report: (progress: JobProgress) => void;
  /** A sentence for the worker's log. */
  readonly log: (sentence: string) => void;
  /** Into how many parts batches are cut from the start, since the memory did not hold them; 1: whole batches. */
  readonly batchParts: number;
  /** Threads of all slots together, for a job beside which its campaign has no other; the engine's own unless given. */
  readonly allThreads?: number;
  /** What this process keeps of one training for the next; nothing unless given. */
  readonly keptTraining?: KeptTraining;
  /** Where batches are made, instead of in a thread beside the step. */
  readonly createBatches?: CreateBatchSource;
}
