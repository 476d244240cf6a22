import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { importSquares } from '@probity/worker-gpu/testing/squares-dataset';
import { tinySpec } from '@probity/worker-gpu/testing/tiny-spec';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serverTool } from '../servers/server-tool.js';
import { CREDENTIALS, startMinio, type S3Server } from '../servers/start-s3-server.js';
import { childrenOf, isAlive, pidOf } from './support/processes.js';
import { createSmallDisk, type SmallDisk } from './support/small-disk.js';
import { trainingAnswers } from './support/training-answers.js';
import { openTestStack, resultOf, type TestStack } from './support/test-stack.js';
import { finishedMembers, newestCheckpoints } from './support/training-in-store.js';
import { until } from './support/until.js';
import { versionDigest } from './support/version-digest.js';

const temporal = await serverTool('temporal');
const minio = await serverTool('minio');

/** Long enough that each day below begins in the middle of a fold. */
const spec = tinySpec({ rounds: { max: 0, stopWhenWorseBy: 1 }, training: { ...tinySpec().training, steps: 160 } });
const squares = { groupCount: 8, itemsPerGroup: 3 };
const version = 'squares@round-0';

/** A few seconds in the gate; a whole minute on request. */
const outageMilliseconds = 1000 * Number(process.env['PROBITY_OUTAGE_SECONDS'] ?? 5);

/** Starts the campaign, waits until a member is trained, lets the bad day begin and end, and gives the digest of what was published. */
async function liveThrough(stack: TestStack, badDay: (stack: TestStack) => Promise<void>): Promise<string> {
  const campaign = await stack.startCampaign(spec, await importSquares(stack.store, squares));
  await until('a trained member', async () => (await finishedMembers(stack.store)).length > 0, {
    explain: () => stack.trouble(),
  });
  await badDay(stack);
  await resultOf(campaign);
  return versionDigest(stack.store, version);
}

describe.skipIf(temporal === undefined)('a bad day', () => {
  let undisturbed: string;
  let stack: TestStack;
  beforeAll(async () => {
    stack = await openTestStack();
    undisturbed = await liveThrough(stack, () => Promise.resolve());
  });
  afterEach(async () => {
    await stack.forgetResults();
  });
  afterAll(() => stack?.close());

  it('without anything bad comes to the same data set again', async () => {
    await stack.forgetResults();
    expect(await liveThrough(stack, () => Promise.resolve())).toBe(undisturbed);
  });

  it('on which the GPU worker is killed: no finished member is trained again, and the data set is the same', async () => {
    let left: Left | undefined;
    const digest = await liveThrough(stack, async () => {
      left = await leftBehind(stack, async () => {
        await stack.up();
        const worker = await pidOf(stack.home, 'worker-gpu');
        const jobs = await childrenOf(worker);
        process.kill(worker, 'SIGKILL');
        const anyAlive = async () => (await Promise.all(jobs.map(isAlive))).includes(true);
        await until('the orphaned jobs to end', async () => !(await anyAlive()));
      });
      await stack.up();
    });
    expect(digest).toBe(undisturbed);
    await expectWentOnFrom(left!, stack);
  });

  it('on which a job is killed: it goes on from its newest checkpoint', async () => {
    let left: Left | undefined;
    const digest = await liveThrough(stack, async () => {
      left = await leftBehind(stack, async () => {
        for (const job of await childrenOf(await pidOf(stack.home, 'worker-gpu'))) process.kill(job, 'SIGKILL');
      });
    });
    expect(digest).toBe(undisturbed);
    await expectWentOnFrom(left!, stack);
  });

  it('on which Temporal is away: the campaign goes on by itself', async () => {
    const digest = await liveThrough(stack, async () => {
      const workers = await Promise.all(
        ['worker-workflows', 'worker-cpu', 'worker-gpu'].map((name) => pidOf(stack.home, name)),
      );
      process.kill(await pidOf(stack.home, 'temporal'), 'SIGKILL');
      await wait(outageMilliseconds);
      await stack.up();
      // The very same workers: nobody had to restart them.
      expect((await Promise.all(workers.map(isAlive))).includes(false)).toBe(false);
    });
    expect(digest).toBe(undisturbed);
  });
});

describe.skipIf(temporal === undefined)('a bad day of the device', () => {
  let folder: string;
  let undisturbed: string;
  let stack: TestStack;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probity-lost-device-'));
    const preload = new URL('./support/lose-device.mjs', import.meta.url).href;
    stack = await openTestStack({
      // One job at a time: a process that keeps its lost device would be asked again and again.
      environment: {
        NODE_OPTIONS: `--import=${preload}`,
        LOSE_DEVICE: join(folder, 'lose'),
        PROBITY_JOB_SLOTS: '1',
        PROBITY_JOB_THREADS: '1',
      },
    });
    undisturbed = await liveThrough(stack, () => Promise.resolve());
    await stack.forgetResults();
  });
  afterEach(() => stack.forgetResults());
  afterAll(async () => {
    await stack?.close();
    await rm(folder, { recursive: true });
  });

  it('on which it is lost in mid-step: another process goes on from the newest checkpoint', async () => {
    let left: Left | undefined;
    const digest = await liveThrough(stack, async () => {
      left = await leftBehind(stack, async () => {
        await writeFile(join(folder, 'lose'), '');
        await until('a device that is lost', async () => !(await readdir(folder)).includes('lose'));
        await stack.untilFailure('DEVICE_LOST');
      });
    });
    expect((await readdir(folder)).filter((name) => !/^lose-\d+$/.test(name))).toEqual([]);
    expect(digest).toBe(undisturbed);
    await expectWentOnFrom(left!, stack);
  });

  it('on which it is away: the worker takes no steps meanwhile, and nobody has to start it again', async () => {
    const workerLog = () => readFile(join(stack.home, 'logs', 'worker-gpu.log'), 'utf8');
    let worker = 0;
    const digest = await liveThrough(stack, async () => {
      worker = await pidOf(stack.home, 'worker-gpu');
      await writeFile(join(folder, 'lose-gone'), '');
      await writeFile(join(folder, 'lose'), '');
      await until('a worker that pauses', async () => (await workerLog()).includes('takes no steps for now'), {
        explain: () => stack.trouble(),
      });
      await wait(outageMilliseconds);
      expect(await workerLog()).not.toContain('takes steps again');
      await rm(join(folder, 'lose-gone'));
    });
    expect(digest).toBe(undisturbed);
    expect(await workerLog()).toMatch(
      /takes no steps for now: Cannot compute on this worker any more: .*no CUDA-capable device[^]*takes steps again/,
    );
    expect(await pidOf(stack.home, 'worker-gpu')).toBe(worker);
  });
});

const disk = temporal === undefined ? undefined : await createSmallDisk({ megabytes: 48 });

describe.skipIf(disk === undefined)('a bad day of the disk', () => {
  let undisturbed: string;
  let stack: TestStack;
  const { folder, ...small } = disk ?? ({} as SmallDisk);
  beforeAll(async () => {
    stack = await openTestStack({ environment: { PROBITY_STORE_DIRECTORY: `${folder}/store` } });
    undisturbed = await liveThrough(stack, () => Promise.resolve());
    await stack.forgetResults();
  });
  afterEach(() => stack.forgetResults());
  afterAll(async () => {
    await stack?.close();
    await disk?.remove();
  });

  it('on which the store refuses writes: the campaign waits and goes on', async () => {
    const digest = await liveThrough(stack, async () => {
      await small.setReadOnly(true);
      await wait(outageMilliseconds);
      await small.setReadOnly(false);
    });
    expect(digest).toBe(undisturbed);
  });

  it('on which it is full: the campaign waits for room and goes on', async () => {
    const digest = await liveThrough(stack, async () => {
      await small.keepFull(stack.untilFailure('STORE_FULL'));
      await small.makeRoom();
    });
    expect(digest).toBe(undisturbed);
  });
});

describe.skipIf(temporal === undefined || minio === undefined)('a bad day of the object store', () => {
  it('on which it is away: the campaign waits and goes on', async () => {
    const server: S3Server = await startMinio(minio!);
    const stack = await openTestStack({
      environment: {
        PROBITY_STORE: 's3',
        PROBITY_S3_ENDPOINT: server.endpoint,
        PROBITY_S3_BUCKET: 'campaigns',
        PROBITY_S3_ACCESS_KEY: CREDENTIALS.accessKey,
        PROBITY_S3_SECRET_KEY: CREDENTIALS.secretKey,
      },
    });
    try {
      const digest = await liveThrough(stack, async () => {
        await server.halt();
        await wait(outageMilliseconds);
        await server.resume();
      });
      await stack.forgetResults();
      expect(digest).toBe(await liveThrough(stack, () => Promise.resolve()));
    } finally {
      await stack.close();
      await server.stop();
    }
  });
});

/** What a bad moment left in the store: members that are trained, and checkpoints of what was being trained. */
interface Left {
  readonly finished: readonly string[];
  readonly checkpoints: ReadonlyMap<string, number>;
}

/** Lets a bad moment come while something is trained; once more where that had just ended. */
async function leftBehind({ store, trouble }: TestStack, badMoment: () => Promise<void>): Promise<Left> {
  for (;;) {
    await until('a checkpoint', async () => (await newestCheckpoints(store)).size > 0, { explain: trouble });
    await badMoment();
    const left = { checkpoints: await newestCheckpoints(store), finished: await finishedMembers(store) };
    if (left.checkpoints.size > 0) return left;
  }
}

/** No finished member was trained again, and what was being trained went on where its newest checkpoint was. */
async function expectWentOnFrom({ finished, checkpoints }: Left, stack: TestStack): Promise<void> {
  const answers = await trainingAnswers(stack, spec.name);
  const again = answers.filter(({ inputHash, attempt }) => finished.includes(inputHash) && attempt > 1);
  expect(again.filter(({ stepsRun }) => stepsRun > 0)).toEqual([]);
  const wentOn = answers.filter(({ inputHash }) => checkpoints.has(inputHash));
  expect(wentOn.length).toBe(checkpoints.size);
  for (const { inputHash, stepsRun, stepsTotal } of wentOn)
    expect(stepsRun).toBe(stepsTotal - checkpoints.get(inputHash)!);
}
