import { ProbityError } from '@probity/core/errors';
import { isGrpcServiceError, WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';

/** gRPC's numbers of the states that are told apart here. */
const GRPC = { deadlineExceeded: 4, failedPrecondition: 9, unavailable: 14 } as const;

/** What Temporal threw about a campaign, in our words; anything else as it is. */
export function fromTemporal(error: unknown, campaignId: string): unknown {
  if (error instanceof WorkflowNotFoundError) {
    const state = 'there is no campaign of that id, or it has ended and takes no more commands';
    return new ProbityError('CAMPAIGN_MISSING', `Cannot find a running campaign "${campaignId}": ${state}`, {
      cause: error,
    });
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    const advice = `Watch it with "probity campaign watch ${campaignId}", or start another with --id`;
    return new ProbityError(
      'CAMPAIGN_EXISTS',
      `Cannot start campaign "${campaignId}": a campaign of that id exists. ${advice}`,
      { cause: error },
    );
  }
  if (error instanceof WorkflowUpdateFailedError) {
    return new ProbityError(
      'CAMPAIGN_STATE',
      `Cannot change campaign "${campaignId}": ${messageOf(error.cause ?? error)}`,
      { cause: error },
    );
  }
  const code = grpcCode(error);
  if (code === GRPC.deadlineExceeded || code === GRPC.failedPrecondition) {
    const advice = 'Run "probity up", or start a worker; nothing is lost meanwhile';
    return new ProbityError(
      'STACK_DOWN',
      `Cannot reach campaign "${campaignId}": no workflow worker answers. ${advice}`,
      { cause: error },
    );
  }
  if (code === GRPC.unavailable) {
    return new ProbityError(
      'STACK_DOWN',
      `Cannot reach campaign "${campaignId}": Temporal does not answer. Run "probity up"`,
      { cause: error },
    );
  }
  return error;
}

/** The innermost failure of a campaign, which says what went wrong; the outer ones say where. */
export function rootFailure(error: unknown): { readonly message: string; readonly code?: string } {
  let inner: unknown = error instanceof WorkflowFailedError ? error.cause : error;
  while (inner instanceof Error && inner.cause instanceof Error && !hasType(inner)) inner = inner.cause;
  return { message: messageOf(inner), ...(hasType(inner) && { code: inner.type }) };
}

/** Several of the client's errors wrap the one of gRPC. */
function grpcCode(error: unknown): number | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (isGrpcServiceError(inner)) return inner.code;
  }
  return undefined;
}

const hasType = (error: unknown): error is Error & { type: string } =>
  error instanceof Error && 'type' in error && typeof error.type === 'string';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
