import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES } from './task-queues.js';

/**
 * What fails for good says so itself (`nonRetryable`, by the table in core/errors.ts); what is left may pass: a worker
 * that was killed, a store that is away, a full disk. Such things are waited for as long as it takes, every ten seconds:
 * an overnight campaign must not give up because of a reboot.
 */
const untilItPasses = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' } as const;

/** Steps that read and write small files. Generous: a store that is away for minutes costs attempts, not the step. */
export const cpuOptions: ActivityOptions = {
  taskQueue: TASK_QUEUES.cpu,
  startToCloseTimeout: '30 minutes',
  // Heartbeats come every second or two; a worker that dies is noticed after this long, not after the time above.
  heartbeatTimeout: '20 seconds',
  retry: untilItPasses,
};

/** Training and inference. How long they may take is the campaign's to say. */
export function gpuOptions({ jobTimeoutMinutes }: Pick<CampaignSpec, 'jobTimeoutMinutes'>): ActivityOptions {
  return {
    taskQueue: TASK_QUEUES.gpu,
    startToCloseTimeout: `${jobTimeoutMinutes} minutes`,
    // Heartbeats come every second or two, from a process that never computes; a dead worker is noticed after this long.
    heartbeatTimeout: '15 seconds',
    // Without it the workflow would go on, and may clean up, while a job still trains.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: untilItPasses,
  };
}
