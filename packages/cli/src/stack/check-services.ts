import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import type { Settings } from '@probity/connections/settings';
import { TASK_QUEUES } from '@probity/workflows/task-queues';
import { fault, ok, reasonOf, warning, type Finding } from './finding.js';
import { readStack } from './read-stack.js';
import { STACK_SERVICES } from './stack-services.js';

/** `temporal.api.enums.v1.TaskQueueType`. */
const QUEUE_KINDS = { workflow: 1, activity: 2 } as const;

const POLLED = [
  { queue: TASK_QUEUES.workflows, kind: 'workflow' },
  { queue: TASK_QUEUES.cpu, kind: 'activity' },
  { queue: TASK_QUEUES.gpu, kind: 'activity' },
] as const;

/** The processes of the embedded stack: which run, which ended by themselves. */
export async function checkProcesses({ home, temporal }: Settings): Promise<Finding[]> {
  const services = await readStack(home);
  if (services.length === 0) return [warning('Stack', `nothing runs from "${home}"`, 'Run "probity up"')];
  const wanted = STACK_SERVICES.filter(({ name }) => temporal.source !== 'cluster' || name !== 'temporal');
  return wanted.map(({ name, title }) => {
    const service = services.find((candidate) => candidate.name === name);
    if (service === undefined) return warning(title, 'was not started', 'Run "probity up"');
    const { pid, address, logFile } = service;
    if (service.state === 'dead')
      return fault(title, `ended by itself; its log is "${logFile}"`, 'Look at the log, then run "probity up"');
    if (!service.ready)
      return warning(title, `process ${pid} runs and never came up; its log is "${logFile}"`, 'Run "probity up"');
    return ok(title, `process ${pid}${address === undefined ? '' : ` at ${address}`}`);
  });
}

/** Whether Temporal answers and each of our queues is polled. */
export async function checkTemporal(settings: Settings): Promise<Finding[]> {
  if (settings.temporal.source === 'none') return [];
  let connected: TemporalClient;
  try {
    connected = await connectTemporal(settings);
  } catch (error) {
    return [
      fault(
        'Temporal',
        reasonOf(error),
        settings.temporal.source === 'stack' ? 'Run "probity up"' : 'Check the TEMPORAL_* settings',
      ),
    ];
  }
  try {
    const address = settings.temporal.connection?.address;
    const queues = await Promise.all(POLLED.map((polled) => checkQueue(connected, polled)));
    return [ok('Temporal', `answers at ${address}, namespace "${connected.namespace}"`), ...queues];
  } catch (error) {
    return [fault('Temporal', reasonOf(error), 'Check the namespace and the rights')];
  } finally {
    await connected.close();
  }
}

async function checkQueue(
  { connection, namespace }: TemporalClient,
  { queue, kind }: (typeof POLLED)[number],
): Promise<Finding> {
  const taskQueueType = QUEUE_KINDS[kind];
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType,
  });
  const count = pollers?.length ?? 0;
  if (count > 0) return ok(`Queue ${queue}`, `${count} worker(s) poll it`);
  return warning(
    `Queue ${queue}`,
    'no worker polls it; campaigns wait',
    'Run "probity up" or start a worker; one that waits for its device says so in its log',
  );
}
