import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/common';

/**
 * What a campaign fails with: the failure of the step, its code first, instead of "Activity task failed" around it.
 * Anything else is given back as it is; a bug of ours parks the workflow until it is mended.
 */
export function campaignFailure(error: unknown): unknown {
  let cause = error;
  while (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) cause = cause.cause;
  if (!(cause instanceof ApplicationFailure) || cause === error) return error;
  const { message, type, details } = cause;
  return ApplicationFailure.create({
    message,
    nonRetryable: true,
    cause: error as Error,
    ...(type && { type }),
    ...(details && { details }),
  });
}
