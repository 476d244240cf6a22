import { keepBatchThread, type KeptBatchThread } from './augmentation/threaded-batch-source.js';
import { keepStep, type KeptStep } from './kept-step.js';

/** What a process keeps of one training for the next: its compiled step, and the thread that makes its batches. */
export interface KeptTraining extends Pick<KeptStep, 'compile'>, Pick<KeptBatchThread, 'createBatches'> {
  /** Frees what is kept: before other work that wants the memory. */
  drop(): Promise<void>;
}

export function keepTraining(): KeptTraining {
  const [step, thread] = [keepStep(), keepBatchThread()];
  const drop = async () => {
    await Promise.all([step.drop(), thread.drop()]);
  };
  return { compile: step.compile, createBatches: thread.createBatches, drop };
}
