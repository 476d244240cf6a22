import { problemSchema } from '@probity/core/schemas/api/campaigns';
import type { z } from 'zod';

/** A refusal of the server, with its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Reads JSON and checks it against the schema that the server wrote it by. @throws {ApiError} */
export async function getJson<Value>(path: string, schema: z.ZodType<Value>, signal?: AbortSignal): Promise<Value> {
  const response = await fetch(path, { ...(signal && { signal }) });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return schema.parse(body);
  const problem = problemSchema.safeParse(body);
  if (problem.success) throw new ApiError(problem.data.code, problem.data.message);
  throw new ApiError('STACK_DOWN', `The console's server answered ${response.status}`);
}
