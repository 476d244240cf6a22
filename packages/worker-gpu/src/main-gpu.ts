import { TASK_QUEUES } from '@probity/workflows/task-queues';
import { createGpuActivities } from './activities/gpu-activities.js';
import { createJobProcesses } from './jobs/job-processes.js';
import { runWorker } from './workers/run-worker.js';

/** Process 3: supervises training and inference jobs, one a slot; each computes in a process of its own. */
await runWorker(({ jobs, engine, measured }) => {
  const { slots, threads, reason } = jobs;
  const measurement = measured.state === 'usable' ? '' : `; ${measured.sentence}`;
  process.stdout.write(`Jobs side by side: ${slots}, threads of each: ${threads}: ${reason}${measurement}\n`);
  const processes = createJobProcesses({ chosen: { threads, engine, measured } });
  const role = {
    taskQueue: TASK_QUEUES.gpu,
    activities: createGpuActivities(processes),
    maxConcurrentActivityTaskExecutions: jobs.slots,
  };
  return Promise.resolve({ role, close: () => processes.close() });
});
