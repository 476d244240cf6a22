import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { settingsOf, type Terminal } from '../terminal.js';

/** Long enough for a busy worker to answer a query, short enough not to be taken for a hang. */
const ANSWER_SECONDS_MAX = 20;

/** Connects to Temporal for the time of `body`. @throws {ProbityError} `STACK_DOWN` */
export async function withTemporal<Result>(
  terminal: Terminal,
  body: (temporal: TemporalClient) => Promise<Result>,
): Promise<Result> {
  const temporal = await connectTemporal(settingsOf(terminal));
  try {
    return await body(temporal);
  } finally {
    await temporal.close();
  }
}

/** Gives up on a query or an update that no worker answers. */
export const answeredInTime = <Result>({ connection }: TemporalClient, body: () => Promise<Result>): Promise<Result> =>
  connection.withDeadline(Date.now() + ANSWER_SECONDS_MAX * 1000, body);
