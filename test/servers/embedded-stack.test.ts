import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack } from '@probity/cli/stack/read-stack';
import { doctor } from '@probity/cli/stack/doctor';
import { STACK_SERVICES, temporalService, type StackServiceDefinition } from '@probity/cli/stack/stack-services';
import { startStack } from '@probity/cli/stack/start-stack';
import { stopStack } from '@probity/cli/stack/stop-stack';
import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { registerSearchAttributes } from '@probity/connections/search-attributes';
import { readSettings } from '@probity/connections/settings';
import { SEARCH_ATTRIBUTES } from '@probity/core/rounds/search-attributes';
import { afterEach, describe, expect, it } from 'vitest';
import { serverTool } from './server-tool.js';

const temporal = await serverTool('temporal');
const environment: NodeJS.ProcessEnv = { PATH: process.env['PATH'], PROBITY_TEMPORAL_CLI: temporal };
const homes: string[] = [];
const closers: (() => Promise<void>)[] = [];

async function freshHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'probity-home-'));
  homes.push(home);
  return home;
}

async function up(home: string, services: readonly StackServiceDefinition[] = [temporalService]): Promise<string[]> {
  const lines: string[] = [];
  await startStack({ home, services, environment, onProgress: (line) => lines.push(line) });
  return lines;
}

async function client(home: string): Promise<TemporalClient> {
  const connected = await connectTemporal(readSettings({ PROBITY_HOME: home }));
  closers.push(() => connected.close());
  return connected;
}

const startWorkflow = ({ client: { workflow } }: TemporalClient, workflowId: string) =>
  workflow.start('nobodyServesThis', { taskQueue: 'none', workflowId, args: [{ text: 'kept' }] });

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  for (const home of homes.splice(0)) {
    await stopStack({ home });
    await rm(home, { recursive: true, force: true });
  }
});

/** A service of ours for the tests: a script that runs in Node. */
function scriptService(name: string, script: string): StackServiceDefinition {
  return {
    name,
    title: name,
    ports: [],
    stopOrder: 0,
    ready: 'line',
    launch: () => ({ command: process.execPath, args: ['-e', script] }),
  };
}
const sleeper = scriptService('sleeper', "console.log('ready'); setInterval(() => {}, 1e6)");

describe.skipIf(temporal === undefined)('the embedded stack with Temporal', () => {
  it('starts, is left alone by a second start, and stops', async () => {
    const home = await freshHome();
    expect(await up(home)).toEqual(['Starting Temporal …']);
    const before = await readStack(home);
    expect(before).toMatchObject([{ name: 'temporal', state: 'running', ready: true }]);
    expect(await up(home)).toEqual([]);
    expect(await readStack(home)).toEqual(before);
    expect(await stopStack({ home })).toEqual([{ name: 'temporal', end: 'ended' }]);
    expect(await readStack(home)).toEqual([]);
    expect(await stopStack({ home })).toEqual([]);
    await expect(connectTemporal(readSettings({ PROBITY_HOME: home }))).rejects.toMatchObject({ code: 'STACK_DOWN' });
  });

  it('knows the search attributes, and registering them again changes nothing', async () => {
    const home = await freshHome();
    await up(home);
    const { connection, namespace } = await client(home);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
    expect(await registerSearchAttributes(connection, namespace)).toEqual([]);
  });

  it('does not meet another stack on the same machine', async () => {
    const [one, two] = [await freshHome(), await freshHome()];
    await Promise.all([up(one), up(two)]);
    const [ports, otherPorts] = await Promise.all(
      [one, two].map(async (home) => Object.values(JSON.parse(await readFile(join(home, 'stack.json'), 'utf8')).ports)),
    );
    expect(ports!.filter((port) => otherPorts!.includes(port))).toEqual([]);
    await startWorkflow(await client(one), 'only-in-one');
    const described = (await client(two)).client.workflow.getHandle('only-in-one').describe();
    await expect(described).rejects.toThrow(/not found/i);
    await stopStack({ home: one });
    expect(await readStack(two)).toMatchObject([{ state: 'running' }]);
  });

  it('keeps a workflow when Temporal is killed and started again, at the same address', async () => {
    const home = await freshHome();
    await up(home);
    const connected = await client(home);
    await startWorkflow(connected, 'survivor');
    const [before] = await readStack(home);
    process.kill(before!.pid, 'SIGKILL');
    await expect.poll(async () => (await readStack(home))[0]!.state, { timeout: 10_000 }).toBe('dead');
    expect(await up(home)).toEqual(['Temporal had ended; starting it again …']);
    const [after] = await readStack(home);
    expect(after).toMatchObject({ state: 'running', address: before!.address });
    // The connection that was open before finds the server again by itself, as workers do.
    const described = await connected.client.workflow.getHandle('survivor').describe();
    expect(described.status.name).toBe('RUNNING');
  });

  it('takes other ports where its own were taken meanwhile, and ends what still knows the old address', async () => {
    const home = await freshHome();
    await up(home, [temporalService, sleeper]);
    const [before] = await readStack(home);
    process.kill(before!.pid, 'SIGKILL');
    await expect.poll(async () => (await readStack(home))[0]!.state, { timeout: 10_000 }).toBe('dead');
    await squat(Number(before!.address!.split(':')[1]));
    const sleeperBefore = (await readStack(home)).find(({ name }) => name === 'sleeper');
    await up(home, [temporalService, sleeper]);
    const services = await readStack(home);
    expect(services.every(({ state }) => state === 'running')).toBe(true);
    expect(services.find(({ name }) => name === 'temporal')!.address).not.toBe(before!.address);
    expect(services.find(({ name }) => name === 'sleeper')!.pid).not.toBe(sleeperBefore!.pid);
  });
});

describe.skipIf(temporal === undefined)('the workers of the embedded stack', () => {
  it('poll their queues, and again after Temporal was away, without being started anew', async () => {
    const home = await freshHome();
    const services = STACK_SERVICES.filter(({ name }) => name !== 'console');
    await up(home, services);
    const before = await readStack(home);
    expect(before.map(({ name }) => name).sort()).toEqual(['temporal', 'worker-cpu', 'worker-gpu', 'worker-workflows']);
    await expect.poll(() => polledQueues(home), { timeout: 30_000 }).toHaveLength(3);

    const temporalBefore = before.find(({ name }) => name === 'temporal')!;
    process.kill(temporalBefore.pid, 'SIGKILL');
    await expect
      .poll(async () => (await doctor({ ...environment, PROBITY_HOME: home })).filter(({ state }) => state === 'fault'))
      .toMatchObject([
        { check: 'Temporal', message: expect.stringContaining('ended by itself') },
        { check: 'Temporal', message: expect.stringContaining(temporalBefore.address!) },
      ]);
    expect(await up(home, services)).toEqual(['Temporal had ended; starting it again …']);
    await expect.poll(() => polledQueues(home), { timeout: 60_000 }).toHaveLength(3);
    const pids = (stack: typeof before) =>
      Object.fromEntries(stack.filter(({ name }) => name !== 'temporal').map(({ name, pid }) => [name, pid]));
    expect(pids(await readStack(home))).toEqual(pids(before));
  });
});

async function polledQueues(home: string): Promise<string[]> {
  const findings = await doctor({ ...environment, PROBITY_HOME: home });
  return findings.filter(({ check, state }) => check.startsWith('Queue') && state === 'ok').map(({ check }) => check);
}

describe('the embedded stack', () => {
  it('starts no Temporal where settings name a cluster', async () => {
    const home = await freshHome();
    await startStack({
      home,
      services: [temporalService, sleeper],
      environment: { ...environment, TEMPORAL_ADDRESS: 'cluster:7233' },
    });
    expect((await readStack(home)).map(({ name }) => name)).toEqual(['sleeper']);
  });

  it('starts a crashed service again and nothing else', async () => {
    const home = await freshHome();
    const other = { ...sleeper, name: 'other' };
    await up(home, [sleeper, other]);
    const serviceOf = async (name: string) => (await readStack(home)).find((service) => service.name === name);
    const [killed, untouched] = [await serviceOf('sleeper'), await serviceOf('other')];
    process.kill(killed!.pid, 'SIGKILL');
    await expect.poll(async () => (await serviceOf('sleeper'))!.state, { timeout: 10_000 }).toBe('dead');
    expect(await up(home, [sleeper, other])).toEqual(['sleeper had ended; starting it again …']);
    expect(await serviceOf('other')).toEqual(untouched);
  });

  it('reports a service that ends at once with the end of its log', async () => {
    const home = await freshHome();
    const broken = scriptService('broken', "console.error('the disk is on fire'); process.exit(3)");
    await expect(up(home, [broken])).rejects.toMatchObject({
      code: 'STACK_DOWN',
      message: expect.stringContaining('the disk is on fire'),
    });
  });

  it('reports a program that is not built', async () => {
    const home = await freshHome();
    await expect(up(home, [{ ...sleeper, program: join(home, 'nowhere.js') }])).rejects.toMatchObject({
      code: 'STACK_DOWN',
      message: expect.stringContaining('npm run build'),
    });
  });

  it('ends the jobs that a service leaves behind', async () => {
    const home = await freshHome();
    const script = `
      process.on('SIGTERM', () => process.exit(0));
      const job = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
      console.log('job', job.pid); console.log('ready'); setInterval(() => {}, 1e6);`;
    await up(home, [scriptService('leaver', script)]);
    const log = await readFile(join(home, 'logs/leaver.log'), 'utf8');
    const job = Number(/job (\d+)/.exec(log)![1]);
    expect(await stopStack({ home })).toEqual([{ name: 'leaver', end: 'ended' }]);
    await expect.poll(() => isAlive(job), { timeout: 10_000 }).toBe(false);
  });

  it('leaves a foreign process alone that was given the pid of a service', async () => {
    const home = await freshHome();
    const stack = await startStack({ home, services: [sleeper], environment });
    const stranger = { ...stack.services[0]!, name: 'stranger', pid: process.pid, fingerprint: 'of another time' };
    await writeFile(join(home, 'stack.json'), JSON.stringify({ ...stack, services: [...stack.services, stranger] }));
    expect(await stopStack({ home })).toEqual(
      expect.arrayContaining([
        { name: 'stranger', end: 'absent' },
        { name: 'sleeper', end: 'ended' },
      ]),
    );
  });
});

/** Takes a port as soon as its former owner has let it go. */
async function squat(port: number): Promise<void> {
  const server = createServer();
  await expect
    .poll(
      () =>
        new Promise((resolve) =>
          server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
