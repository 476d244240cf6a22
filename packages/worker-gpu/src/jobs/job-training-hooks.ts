import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type { TrainingHooks, TrainingProgress } from '@probity/training/training-hooks';
import { newestCheckpoint, saveCheckpoint } from './checkpoints.js';
import type { JobContext } from './job-context.js';

export interface JobTraining {
  /** Of the result that is trained; its checkpoints stand under it. */
  readonly inputHash: string;
  readonly place: Pick<JobProgress, 'round' | 'fold'>;
  /** For the log: `Round 0, fold 2`. */
  readonly title: string;
  readonly batchSize: number;
}

/** How a training job reports, what it logs, and where its checkpoints are. */
export interface JobTrainingHooks extends TrainingHooks {
  /** Steps that were reported so far. */
  readonly stepsRun: number;
}

export function createJobTrainingHooks(
  { store, report, log }: JobContext,
  { inputHash, place, title, batchSize }: JobTraining,
): JobTrainingHooks {
  const speed = createSpeedometer();
  let stepsRun = 0;
  return {
    get stepsRun() {
      return stepsRun;
    },
    report: (progress) => {
      stepsRun++;
      const { curve } = progress;
      report({ job: 'train', ...place, unit: 'steps', perSecond: speed(progress), ...progress, curve: [...curve] });
    },
    onBatchHalved: (parts) =>
      log(
        `${title}: the memory does not hold a batch of ${batchSize} images; it is cut into ${parts} parts from now on`,
      ),
    loadCheckpoint: () => newestCheckpoint(store, inputHash),
    saveCheckpoint: (bytes, done) => saveCheckpoint(store, { inputHash, done }, bytes),
  };
}

/** Steps a second since the job began to train; a resumed job does not count what was done before. */
function createSpeedometer(): (progress: TrainingProgress) => number {
  let start: { at: number; done: number } | undefined;
  return ({ done }) => {
    start ??= { at: performance.now(), done };
    const seconds = (performance.now() - start.at) / 1000;
    return seconds === 0 ? 0 : (done - start.done) / seconds;
  };
}
