/** Every failure Probity can name. `retryable` decides what Temporal does with it; docs/errors.md explains each. */
export const ERRORS = {
  INVALID_INPUT: { retryable: false },
  SPEC_INVALID: { retryable: false },
  DATASET_INVALID: { retryable: false },
  DATASET_MISSING: { retryable: false },
  DATASET_AMBIGUOUS: { retryable: false },
  SPLIT_IMPOSSIBLE: { retryable: false },
  PROMISE_IMPOSSIBLE: { retryable: false }, // fewer groups than the stated error needs
  POOL_EMPTY: { retryable: false },
  IMAGE_UNREADABLE: { retryable: false },
  ARTIFACT_MISSING: { retryable: false },
  ARTIFACT_CORRUPT: { retryable: false },
  ARTIFACT_EXISTS: { retryable: false }, // other bytes already stand under a create-once key
  STORE_UNAVAILABLE: { retryable: true },
  STORE_FULL: { retryable: true }, // somebody may make room
  TRAINING_DIVERGED: { retryable: false }, // same seed, same data: it would diverge again
  TRAINING_COLLAPSED: { retryable: false },
  ENGINE_UNAVAILABLE: { retryable: false },
  OUT_OF_MEMORY: { retryable: true }, // others may give theirs back
  DEVICE_LOST: { retryable: true }, // in another process, where it may be back
  OPERATION_UNSUPPORTED: { retryable: false },
  JOB_KILLED: { retryable: true }, // a child process ended without an answer
  CAMPAIGN_EXISTS: { retryable: false },
  CAMPAIGN_MISSING: { retryable: false },
  CAMPAIGN_STATE: { retryable: false }, // the command does not fit the state the campaign is in
  TOOL_MISSING: { retryable: false },
  INSTALL_FAILED: { retryable: false }, // of an engine; nothing half installed is left
  STACK_DOWN: { retryable: true },
  BUG: { retryable: false }, // a fault of Probity's own, met by attempt after attempt
} as const satisfies Record<string, { readonly retryable: boolean }>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * The one error class of Probity. Branch on `code`, never on `message`: a class does not
 * survive the trip through Temporal or between processes, a code does.
 */
export class ProbityError extends Error {
  override readonly name = 'ProbityError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    { details = {}, cause }: { details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.details = details;
  }
}

/** Whether something that was thrown has one of these codes. */
export const hasCode = (error: unknown, ...codes: readonly ErrorCode[]): error is ProbityError =>
  error instanceof ProbityError && codes.includes(error.code);

/** Throws `INVALID_INPUT` unless `condition` holds. For what a caller may get wrong, not for our own bugs. */
export function requireInput(condition: boolean, message: string, details: ErrorDetails = {}): asserts condition {
  if (!condition) throw new ProbityError('INVALID_INPUT', message, { details });
}
