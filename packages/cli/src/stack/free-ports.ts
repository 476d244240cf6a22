import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import getPort from 'get-port';

/**
 * Below the range from which systems give ports to outgoing connections. A worker that looks for a stopped server there
 * could be given the server's own port and hold it against the server's return.
 */
const PORT_MIN = 15_000;
const PORT_MAX = 31_000;
const CANDIDATES = 200;

/** A server that was killed may hold its port for a moment after it is gone from the process table. */
const FORMER_PORT_MILLISECONDS_MAX = 2_000;
const POLL_MILLISECONDS = 100;

export interface FreePortsOptions {
  readonly host: string;
  /** The port that a name had before. */
  readonly former: Readonly<Record<string, number>>;
}

/**
 * A free port for each name: the one it had before where that is free still. Another program may take a port between
 * this and its use; whoever starts a server with it holds the machine's port lock and notices when the server fails.
 */
export async function freePorts(
  names: readonly string[],
  { host, former }: FreePortsOptions,
): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of names) {
    const before = former[name];
    const again = before !== undefined && (await becomesFree(before, host));
    ports[name] = again ? before : await freshPort(host, [...Object.values(ports), ...Object.values(former)]);
  }
  return ports;
}

function freshPort(host: string, exclude: readonly number[]): Promise<number> {
  const candidates = Array.from({ length: CANDIDATES }, () => randomInt(PORT_MIN, PORT_MAX));
  return getPort({ host, exclude, port: candidates });
}

async function becomesFree(port: number, host: string): Promise<boolean> {
  const deadline = Date.now() + FORMER_PORT_MILLISECONDS_MAX;
  while (!(await isFree(port, host))) {
    if (Date.now() > deadline) return false;
    await wait(POLL_MILLISECONDS);
  }
  return true;
}

export function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
