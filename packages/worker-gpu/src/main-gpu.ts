import { hasCode } from '@probity/core/errors';
import { TASK_QUEUES } from '@probity/workflows/task-queues';
import { createGpuActivities } from './activities/gpu-activities.js';
import { untilEnginesAreBack } from './jobs/engine-loss.js';
import { createJobProcesses } from './jobs/job-processes.js';
import { runWorker } from './workers/run-worker.js';

/**
 * Process 3: supervises training and inference jobs, one a slot; each computes in a process of its own. Takes steps only
 * while its engines can be made: a step that finds none fails its campaign, which another worker might have served.
 */
await runWorker(async ({ jobs, engine, measured }, pause) => {
  const { slots, threads, reason } = jobs;
  const measurement = measured.state === 'usable' ? '' : `; ${measured.sentence}`;
  process.stdout.write(`Jobs side by side: ${slots}, threads of each: ${threads}: ${reason}${measurement}\n`);
  const processes = createJobProcesses({ chosen: { slots, threads, engine, measured } });
  const close = () => processes.close();
  try {
    await processes.makeEngines();
  } catch (error) {
    if (!hasCode(error, 'OUT_OF_MEMORY')) {
      await close();
      throw error;
    }
    process.stderr.write(`${error.message}. The first step tries again\n`); // and says so in its campaign's history
  }
  const activities = createGpuActivities(processes, ({ message }) => {
    pause(message, (signal) => untilEnginesAreBack(processes, signal));
  });
  return { role: { taskQueue: TASK_QUEUES.gpu, activities, maxConcurrentActivityTaskExecutions: slots }, close };
});
