import type { ErrorCode } from '@probity/core/errors';

/** What a script can tell from how the command ended. `probity --help` lists them. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, stackDown: 3, notFound: 4, refused: 5, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_CODE: Partial<Record<ErrorCode, ExitCode>> = {
  INVALID_INPUT: EXIT.badInput,
  SPEC_INVALID: EXIT.badInput,
  DATASET_INVALID: EXIT.badInput,
  DATASET_AMBIGUOUS: EXIT.badInput,
  SPLIT_IMPOSSIBLE: EXIT.badInput,
  PROMISE_IMPOSSIBLE: EXIT.badInput,
  POOL_EMPTY: EXIT.badInput,
  STACK_DOWN: EXIT.stackDown,
  DATASET_MISSING: EXIT.notFound,
  CAMPAIGN_MISSING: EXIT.notFound,
  ARTIFACT_MISSING: EXIT.notFound,
  CAMPAIGN_EXISTS: EXIT.refused,
  CAMPAIGN_STATE: EXIT.refused,
};

export const exitCodeOf = (code: ErrorCode): ExitCode => BY_CODE[code] ?? EXIT.failed;

export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    failed
  2    usage or input is wrong: arguments, campaign file, data set
  3    Temporal or its workers are not up
  4    no such data set, campaign or artifact
  5    refused: the campaign exists already, or is in another state
  130  interrupted with Ctrl-C`;
