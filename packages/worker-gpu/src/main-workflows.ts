import { createRequire } from 'node:module';
import { TASK_QUEUES } from '@probity/workflows/task-queues';
import { runWorker } from './workers/run-worker.js';

/** Process 1: workflow code, bundled at build time. */
const bundle = createRequire(import.meta.url).resolve('@probity/workflows/workflow-bundle');

await runWorker(() =>
  Promise.resolve({ role: { taskQueue: TASK_QUEUES.workflows, workflowBundle: { codePath: bundle } } }),
);
