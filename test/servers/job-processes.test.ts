import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProbityError } from '@probity/core/errors';
import { engineLoss, untilEnginesAreBack } from '@probity/worker-gpu/jobs/engine-loss';
import type { JobMessage, JobRequest } from '@probity/worker-gpu/jobs/job-messages';
import { createJobProcesses, type JobProcesses } from '@probity/worker-gpu/jobs/job-processes';
import { tinySpec } from '@probity/worker-gpu/testing/tiny-spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./job-program.mjs', import.meta.url));
const host = fileURLToPath(new URL('../../packages/worker-gpu/dist/jobs/job-host.js', import.meta.url));
const workerProgram = fileURLToPath(new URL('../../packages/worker-gpu/dist/main-gpu.js', import.meta.url));
const never = new AbortController().signal;
/** The fixture reads the acts below where a real job reads its request. */
const job = (request: object): JobRequest => ({ kind: 'train-trunk', request }) as JobRequest;

let processes: JobProcesses;
beforeEach(() => {
  processes = createJobProcesses({ program, killAfterMilliseconds: 200 });
});
afterEach(() => processes.close());

async function run(request: object, { signal = never, reports = [] as unknown[] } = {}) {
  const { result, ...rest } = await processes.run(job(request), {
    signal,
    onProgress: (progress) => reports.push(progress),
  });
  return { ...rest, ...(result as { pid: number; jobs: number }) };
}

describe('job processes', () => {
  it('answer with the result, its cost and the progress on the way', async () => {
    const reports: unknown[] = [];
    expect(await run({ act: 'answer', report: { done: 1 } }, { reports })).toMatchObject({
      busyMilliseconds: 7,
      jobs: 1,
    });
    expect(reports).toEqual([{ done: 1 }]);
  });

  it('are kept from job to job, also after one that failed', async () => {
    const first = await run({ act: 'answer' });
    await expect(run({ act: 'fail', failure: { message: 'no', details: {} } })).rejects.toThrow('no');
    expect(await run({ act: 'answer' })).toMatchObject({ pid: first.pid, jobs: 3 });
  });

  it('are replaced after one that lost its device, which comes back to a new process only', async () => {
    const first = await run({ act: 'answer' });
    const failure = { code: 'DEVICE_LOST', message: 'Cannot run a graph', details: {} };
    await expect(run({ act: 'fail', failure })).rejects.toMatchObject(failure);
    const next = await run({ act: 'answer' });
    expect(next.jobs).toBe(1);
    expect(next.pid).not.toBe(first.pid);
  });

  it('are all replaced then: those which wait have the same device', async () => {
    const before = await Promise.all([run({ act: 'answer' }), run({ act: 'answer' })]);
    const failure = { code: 'DEVICE_LOST', message: 'Cannot run a graph', details: {} };
    await expect(run({ act: 'fail', failure })).rejects.toMatchObject(failure);
    const after = await Promise.all([run({ act: 'answer' }), run({ act: 'answer' })]);
    const pids = new Set([...before, ...after].map(({ pid }) => pid));
    expect(pids.size).toBe(4);
  });

  it('are as many as jobs run side by side', async () => {
    const [one, two] = await Promise.all([run({ act: 'answer' }), run({ act: 'answer' })]);
    expect(one.pid).not.toBe(two.pid);
  });

  it('throw what the job threw, by its code', async () => {
    const failure = { code: 'TRAINING_DIVERGED', message: 'Cannot train', details: { step: 7 } };
    await expect(run({ act: 'fail', failure })).rejects.toMatchObject(failure);
  });

  it('throw a bug of ours with the stack it had', async () => {
    const failure = { message: 'Bug: it cannot be', details: {}, stack: 'at line 7 of the job' };
    await expect(run({ act: 'fail', failure })).rejects.toMatchObject({
      message: failure.message,
      stack: failure.stack,
    });
  });

  it.each([
    ['exit', 'exit code 3'],
    ['kill', 'signal SIGKILL'],
  ])('fail with JOB_KILLED when a job does %s, and serve the next one', async (act, how) => {
    await expect(run({ act })).rejects.toMatchObject({ code: 'JOB_KILLED', details: { how } });
    expect(await run({ act: 'answer' })).toMatchObject({ jobs: 1 });
  });

  it('say that the machine ran out of memory, and halve the batches of the next attempt, where the kernel says it killed', async () => {
    let kills = 3;
    const countMemoryKills = () => Promise.resolve(kills++);
    const scarce = createJobProcesses({ program, countMemoryKills });
    const kill = (round: number) =>
      scarce.run(job({ act: 'kill', round }), { signal: never, onProgress: () => undefined });
    await expect(kill(0)).rejects.toMatchObject({
      code: 'JOB_KILLED',
      message: /ran out of memory, and the kernel killed it.*with batches cut into 2 parts.*lower PROBITY_JOB_SLOTS/,
    });
    await expect(kill(0)).rejects.toThrow('with batches cut into 4 parts');
    await expect(kill(1)).rejects.toThrow('with batches cut into 2 parts'); // another job knows nothing of it
    await scarce.close();
  });

  it('cut no batches where somebody else killed the job, and only guess where the kernel does not say', async () => {
    const killed = async (count: number | undefined) => {
      const some = createJobProcesses({ program, countMemoryKills: () => Promise.resolve(count) });
      try {
        await some.run(job({ act: 'kill' }), { signal: never, onProgress: () => undefined });
      } catch (error) {
        return (error as Error).message;
      } finally {
        await some.close();
      }
    };
    expect(await killed(3)).toMatch(/signal SIGKILL before it answered\. It is started again and goes on from/);
    expect(await killed(undefined)).toMatch(/the machine probably ran out of memory\. It is started again and goes on/);
  });

  it('tell a job into how many parts it cuts its batches, and forget it with the answer', async () => {
    let kills = 0;
    const scarce = createJobProcesses({ program, countMemoryKills: () => Promise.resolve(kills++) });
    const folder = await mkdtemp(join(tmpdir(), 'probity-job-'));
    const killedOnce = job({ act: 'kill-once', marker: join(folder, 'killed') });
    const run = async () =>
      (await scarce.run(killedOnce, { signal: never, onProgress: () => undefined })).result as { batchParts: number };
    await expect(run()).rejects.toMatchObject({ code: 'JOB_KILLED' });
    expect(await run()).toMatchObject({ batchParts: 2 });
    expect(await run()).toMatchObject({ batchParts: 1 });
    await scarce.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['asked to end', {}],
    ['killed where it does not listen', { ignoreTerm: true }],
  ])('throw the reason of a cancellation when the job is gone: %s', async (_, changes) => {
    const cancelling = new AbortController();
    const reports: unknown[] = [];
    const running = run({ act: 'block', report: { done: 1 }, ...changes }, { signal: cancelling.signal, reports });
    const settled = expect(running).rejects.toThrow('cancelled by a person');
    await expect.poll(() => reports.length).toBe(1);
    cancelling.abort(new Error('cancelled by a person'));
    await settled;
    expect(await run({ act: 'answer' })).toMatchObject({ jobs: 1 });
  });

  it('begin nothing for a job that is cancelled already', async () => {
    await expect(run({ act: 'answer' }, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
  });

  it('end when they are closed', async () => {
    const { pid } = await run({ act: 'answer' });
    await processes.close();
    expect(() => process.kill(pid, 0)).toThrow();
  });
});

describe('engines that a job does not find', () => {
  const unavailable = new ProbityError('ENGINE_UNAVAILABLE', 'Cannot run convolutions in 8 bits');
  afterEach(() => delete process.env['TEST_ENGINES']);

  it('are what the campaign asks too much of where they can be made', async () => {
    expect(await engineLoss(unavailable, processes)).toBeUndefined();
    const { jobs } = await run({ act: 'answer' });
    expect(jobs).toBe(2); // the process that made them is kept
  });

  it.each([
    ['none', /^Cannot compute on this worker any more: Cannot use CUDA: no device\. It takes no steps until/],
    ['fatal', /any more: Cannot make the engines of this worker: the process that tried ended with signal SIGILL/],
  ])('are lost where they cannot, until another process can: %s', async (state, message) => {
    process.env['TEST_ENGINES'] = state;
    expect(await engineLoss(unavailable, processes)).toMatchObject({ code: 'DEVICE_LOST', message });
    delete process.env['TEST_ENGINES'];
    expect(await engineLoss(unavailable, processes)).toBeUndefined();
  });

  it('are lost with the device where they cannot be made in another process, and back where they can', async () => {
    const lost = new ProbityError('DEVICE_LOST', 'Cannot run a graph');
    expect(await engineLoss(lost, processes)).toBeUndefined();
    process.env['TEST_ENGINES'] = 'none';
    const worker = createJobProcesses({ program });
    expect(await engineLoss(lost, worker)).toMatchObject({ code: 'DEVICE_LOST', message: /any more: Cannot use CUDA/ });
    await worker.close();
  });

  it('are waited for no longer than the worker runs, also where the attempt hangs', async () => {
    process.env['TEST_ENGINES'] = 'hangs';
    const stopping = new AbortController();
    const settled = expect(processes.makeEngines(stopping.signal)).rejects.toThrow('stopped');
    stopping.abort(new Error('stopped'));
    await settled;
    await expect(untilEnginesAreBack(processes, stopping.signal)).rejects.toThrow();
  });

  it('are no matter of other errors', async () => {
    process.env['TEST_ENGINES'] = 'none';
    expect(await engineLoss(new ProbityError('OUT_OF_MEMORY', 'Cannot run a graph'), processes)).toBeUndefined();
    expect(await engineLoss(new Error('Bug'), processes)).toBeUndefined();
  });
});

describe('the worker for training and inference', () => {
  it('does not begin without the engine that it is to use, and says why', async () => {
    const home = await mkdtemp(join(tmpdir(), 'probity-worker-'));
    try {
      const env = { ...process.env, PROBITY_HOME: home, PROBITY_TOOLS: home, PROBITY_ENGINE: 'tensorflow' };
      const worker = spawn(process.execPath, [workerProgram], { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let log = '';
      worker.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
      expect(await once(worker, 'exit')).toEqual([1, null]);
      expect(log.trim().split('\n').at(-1)).toMatch(/^ENGINE_UNAVAILABLE: Cannot .*probity engine install tensorflow/);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});

describe('the job host', () => {
  it('ends when its worker dies', async () => {
    const script = `
      const child = require('node:child_process').fork(${JSON.stringify(host)}, { stdio: 'ignore' });
      console.log(child.pid); setInterval(() => {}, 1e6);`;
    const worker = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(worker.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    worker.kill('SIGKILL');
    const isAlive = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(isAlive, { timeout: 20_000 }).toBe(false);
  });

  it('trains with what its worker chose by a measurement, and says so', async () => {
    const home = await mkdtemp(join(tmpdir(), 'probity-host-'));
    const engine = { device: 'cpu', layout: 'plain', training: 'auto' } as const;
    const measured = {
      state: 'usable',
      sentence: 'measured here',
      engine: 'onnx-cpu',
      measured: ['onnx-cpu'],
    } as const;
    const child = fork(host, [JSON.stringify({ slots: 1, threads: 1, engine, measured })], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, PROBITY_HOME: home, PROBITY_ENGINE: 'tensorflow', PROBITY_ONNX_LAYOUT: '' },
    });
    const gone = once(child, 'exit');
    try {
      let log = '';
      child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
      const plan = { key: 'plans/none.json', sha256: '0'.repeat(64), bytes: 1 };
      child.send({ kind: 'train-trunk', request: { plan, spec: tinySpec() }, batchParts: 1 });
      const [answer] = (await once(child, 'message')) as [JobMessage];
      expect(answer).toMatchObject({ type: 'failure', failure: { code: 'ARTIFACT_MISSING' } }); // behind its engine
      await expect.poll(() => log).toContain('Engine onnx-cpu trains: measured here');
    } finally {
      child.kill();
      await gone;
      await rm(home, { recursive: true, force: true });
    }
  });
});
