import getPort from 'get-port';

/**
 * A free port for each name: the one it had before where that is free still. Another program may take a port between
 * this and its use; whoever starts a server with it holds the machine's port lock and notices when the server fails.
 */
export async function freePorts(names: readonly string[], options: { host: string; preferred: Readonly<Record<string, number>> }): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of names) {
    const preferred = options.preferred[name];
    ports[name] = await getPort({ host: options.host, exclude: Object.values(ports), ...(preferred !== undefined && { port: preferred }) });
  }
  return ports;
}
