import { ProbityError, type ErrorCode } from '@probity/core/errors';
import type { Problem } from '@probity/core/schemas/api/campaigns';

const STATUS: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  CAMPAIGN_MISSING: 404,
  ARTIFACT_MISSING: 404,
  DATASET_MISSING: 404,
  STACK_DOWN: 503,
  STORE_UNAVAILABLE: 503,
};

/** What went wrong, as a status and as JSON. Bugs of ours say so and nothing more: their stack goes to the log. */
export function toProblem(error: unknown): { status: number; problem: Problem } {
  if (error instanceof ProbityError) {
    return {
      status: STATUS[error.code] ?? 500,
      problem: { code: error.code, message: error.message, details: { ...error.details } },
    };
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500)
    return {
      status: statusCode,
      problem: { code: 'INVALID_INPUT', message: message ?? 'Cannot read the request', details: {} },
    };
  return { status: 500, problem: { code: 'BUG', message: 'The console failed; its log says how', details: {} } };
}
