import type { TemporalClient } from '../connect-temporal.js';

/** Long enough for a busy worker to answer a query, short enough not to be taken for a hang. */
const ANSWER_SECONDS_MAX = 20;

/** Gives up on a query or an update that no worker answers. */
export const answeredInTime = <Result>({ connection }: TemporalClient, body: () => Promise<Result>): Promise<Result> =>
  connection.withDeadline(Date.now() + ANSWER_SECONDS_MAX * 1000, body);
