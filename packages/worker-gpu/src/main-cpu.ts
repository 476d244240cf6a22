import { openStore } from '@probity/connections/open-store';
import { TASK_QUEUES } from '@probity/workflows/task-queues';
import { createCpuActivities } from './activities/cpu-activities.js';
import { runWorker } from './workers/run-worker.js';

/** Process 2: short steps on tables and small images; several side by side, since they mostly wait for the store. */
const STEPS_AT_ONCE = 4;

await runWorker(async ({ store }) => ({
  role: {
    taskQueue: TASK_QUEUES.cpu,
    activities: createCpuActivities(await openStore(store)),
    maxConcurrentActivityTaskExecutions: STEPS_AT_ONCE,
  },
}));
