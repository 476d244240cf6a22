import { readStackFile, type StackService } from '@probity/connections/stack-file';
import { isRunning } from './process-fingerprint.js';

export interface ServiceStatus extends StackService {
  readonly state: 'running' | 'dead';
}

/** The services that were started from a home and whether each runs still; empty where none was. */
export async function readStack(home: string): Promise<readonly ServiceStatus[]> {
  const services = readStackFile(home)?.services ?? [];
  return Promise.all(
    services.map(async (service) => ({
      ...service,
      state: (await isRunning(service)) ? ('running' as const) : ('dead' as const),
    })),
  );
}
