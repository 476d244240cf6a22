import { join } from 'node:path';
import { SEARCH_ATTRIBUTES } from '@probity/core/rounds/search-attributes';
import { TEMPORAL_SERVICE } from '@probity/connections/temporal-settings';
import { repositoryRoot } from '@probity/connections/tools-folder';

export interface LaunchContext {
  readonly home: string;
  /** Where services listen; the loopback unless told otherwise. */
  readonly host: string;
  /** One free port for each name in `ports`. */
  readonly ports: Readonly<Record<string, number>>;
  readonly temporalCli: string;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it will listen, if it does: `host:port`. */
  readonly address?: string;
}

/** One process of the stack. Started in the table's order, stopped in the reverse of `stopOrder`'s. */
export interface StackServiceDefinition {
  readonly name: string;
  readonly title: string;
  /** Names of the ports it needs; kept from one start to the next. */
  readonly ports: readonly string[];
  /** Lower numbers stop first. */
  readonly stopOrder: number;
  /** When it is up: Temporal answers and knows our search attributes; the address answers HTTP; or a line `ready` is in its log. */
  readonly ready: 'temporal' | 'http' | 'line';
  /** Its program, where that is a file of ours: missing until it is built. */
  readonly program?: string;
  readonly launch: (context: LaunchContext) => Launch;
}

const workerProgram = (entry: string): string => join(repositoryRoot, 'packages/worker-gpu/dist', `${entry}.js`);

/** A worker says `ready` on a line of its own when it polls; it reads its settings itself. */
function worker(name: string, entry: string, title: string): StackServiceDefinition {
  const program = workerProgram(entry);
  return {
    name,
    title,
    ports: [],
    stopOrder: 0,
    ready: 'line',
    program,
    launch: () => ({ command: process.execPath, args: [program] }),
  };
}

function temporalArguments(host: string, ports: Readonly<Record<string, number>>): string[] {
  const values = {
    '--ip': host,
    '--ui-ip': host,
    '--port': ports['temporal'],
    '--ui-port': ports['temporal-ui'],
    '--http-port': ports['temporal-http'],
    '--metrics-port': ports['temporal-metrics'],
    '--log-level': 'warn',
  };
  const pairs = Object.entries(values).flatMap(([name, value]) => [name, String(value)]);
  return ['server', 'start-dev', '--ui-disable-news-fetch', ...pairs];
}

const searchAttributeArguments = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
  '--search-attribute',
  `${name}=${type}`,
]);

export const temporalService: StackServiceDefinition = {
  name: TEMPORAL_SERVICE,
  title: 'Temporal',
  ports: ['temporal', 'temporal-ui', 'temporal-http', 'temporal-metrics'],
  stopOrder: 2,
  ready: 'temporal',
  launch: ({ home, host, ports, temporalCli }) => ({
    command: temporalCli,
    args: [...temporalArguments(host, ports), '--db-filename', join(home, 'temporal.db'), ...searchAttributeArguments],
    address: `${host}:${ports['temporal']}`,
  }),
};

const consoleProgram = join(repositoryRoot, 'apps/console/dist/server/main.js');

const consoleService: StackServiceDefinition = {
  name: 'console',
  title: 'Console',
  ports: ['console'],
  stopOrder: 1,
  ready: 'http',
  program: consoleProgram,
  launch: ({ host, ports }) => ({
    command: process.execPath,
    args: [consoleProgram],
    environment: { PROBITY_CONSOLE_HOST: host, PROBITY_CONSOLE_PORT: String(ports['console']) },
    address: `${host}:${ports['console']}`,
  }),
};

/** The whole stack, in the order of starting. */
export const STACK_SERVICES: readonly StackServiceDefinition[] = [
  temporalService,
  worker('worker-workflows', 'main-workflows', 'Workflow worker'),
  worker('worker-cpu', 'main-cpu', 'Worker for short steps'),
  worker('worker-gpu', 'main-gpu', 'Worker for training and inference'),
  consoleService,
];
