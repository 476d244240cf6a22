import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type { CreateBatchSource } from '@probity/training/augmentation/batch-source';
import type { Engine } from '@probity/training/engine/engine';

/** What every job has at hand. */
export interface JobContext {
  readonly store: ArtifactStore;
  /** Prepares images and predicts. */
  readonly engine: Engine;
  /** What trains; made when the first job asks, since it may be a library of its own. */
  readonly trainingEngine: () => Promise<Engine>;
  readonly report: (progress: JobProgress) => void;
  /** Where batches are made; in a thread beside the step unless said otherwise. */
  readonly createBatches?: CreateBatchSource;
}
