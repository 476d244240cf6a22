import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { settingsOf, type Terminal } from '../terminal.js';

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
