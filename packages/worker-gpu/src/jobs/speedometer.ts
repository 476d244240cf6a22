import type { TrainingProgress } from '@probity/training/training-hooks';

/** Steps a second since the job began to train; a resumed job does not count what was done before. */
export function createSpeedometer(): (progress: TrainingProgress) => number {
  let start: { at: number; done: number } | undefined;
  return ({ done }) => {
    start ??= { at: performance.now(), done };
    const seconds = (performance.now() - start.at) / 1000;
    return seconds === 0 ? 0 : (done - start.done) / seconds;
  };
}
