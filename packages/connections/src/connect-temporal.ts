import { connect } from 'node:net';
import { ProbityError } from '@probity/core/errors';
import { Client, Connection } from '@temporalio/client';
import type { Settings } from './settings.js';
import type { TemporalConnectionOptions, TemporalSettings } from './temporal-settings.js';

const CONNECT_MILLISECONDS_MAX = 5_000;

export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  close(): Promise<void>;
}

/** Where Temporal is. @throws {ProbityError} `STACK_DOWN` if neither a cluster nor a stack is known */
export function requireTemporalAddress({
  home,
  temporal,
}: Pick<Settings, 'home' | 'temporal'>): TemporalConnectionOptions {
  if (temporal.connection === undefined) {
    const what = 'no stack runs there; run "probity up", or set TEMPORAL_ADDRESS to use a cluster';
    throw new ProbityError('STACK_DOWN', `Cannot reach Temporal from home "${home}": ${what}`, { details: { home } });
  }
  return temporal.connection;
}

/** Connects a client. @throws {ProbityError} `STACK_DOWN` with the address and what to do */
export async function connectTemporal(
  settings: Pick<Settings, 'home' | 'temporal'>,
  { millisecondsMax = CONNECT_MILLISECONDS_MAX } = {},
): Promise<TemporalClient> {
  const options = requireTemporalAddress(settings);
  const { namespace } = settings.temporal;
  let connection: Connection;
  try {
    // gRPC asks a port that is shut again and again; on the own machine one refusal says it all.
    if (settings.temporal.source === 'stack') await requireOpenPort(options.address, millisecondsMax);
    connection = await Connection.connect({ ...clientOptions(options), connectTimeout: millisecondsMax });
  } catch (error) {
    throw stackDown(settings.temporal, error);
  }
  return { client: new Client({ connection, namespace }), connection, namespace, close: () => connection.close() };
}

function requireOpenPort(address: string, millisecondsMax: number): Promise<void> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: millisecondsMax });
    const finish = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => finish());
    socket.once('timeout', () => finish(new Error(`no answer for ${millisecondsMax} ms`)));
    socket.once('error', finish);
  });
}

function stackDown({ source, connection }: TemporalSettings, cause: unknown): ProbityError {
  const address = connection?.address ?? 'nowhere';
  const what = source === 'cluster' ? 'check the TEMPORAL_* settings and the cluster' : 'run "probity up"';
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot reach Temporal at "${address}": ${reason}; ${what}`;
  return new ProbityError('STACK_DOWN', message, { details: { address }, cause });
}

/** The client takes metadata as the workers' connection does, under one more type. */
function clientOptions({ address, tls, apiKey, metadata }: TemporalConnectionOptions) {
  return {
    address,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  };
}
