import type { ServiceStatus } from '../stack/read-stack.js';
import { readStackFile } from '@probity/connections/stack-file';
import { renderPairs, renderTable } from './table.js';

/** What runs, where its logs are, and the pages to open. */
export function describeServices(home: string, services: readonly ServiceStatus[]): string {
  if (services.length === 0) return `Nothing runs from "${home}"`;
  const table = renderTable<ServiceStatus>(
    [
      { title: 'service', value: ({ name }) => name },
      { title: 'state', value: ({ state, ready }) => (state === 'running' && !ready ? 'starting' : state) },
      { title: 'process', align: 'right', value: ({ pid }) => String(pid) },
      { title: 'address', value: ({ address = '' }) => address },
      { title: 'log', value: ({ logFile }) => logFile },
    ],
    services,
  );
  return [table, '', describePages(home)].join('\n').trimEnd();
}

/** Addresses of the pages that the stack of a home serves. */
export interface StackPages {
  readonly console?: string;
  readonly temporal?: string;
}

export function stackPages(home: string): StackPages {
  const stack = readStackFile(home);
  const address = (name: string) => stack?.services.find((service) => service.name === name)?.address;
  const [consoleAddress, temporalAddress] = [address('console'), address('temporal')];
  const host = temporalAddress?.slice(0, temporalAddress.lastIndexOf(':'));
  const port = stack?.ports['temporal-ui'];
  return {
    ...(consoleAddress !== undefined && { console: `http://${consoleAddress}` }),
    ...(host !== undefined && port !== undefined && { temporal: `http://${host}:${port}` }),
  };
}

export function describePages(home: string): string {
  const { console: consolePage, temporal } = stackPages(home);
  return renderPairs([
    ...(consolePage === undefined ? [] : [['Console', consolePage] as const]),
    ...(temporal === undefined ? [] : [["Temporal's page", temporal] as const]),
  ]);
}
