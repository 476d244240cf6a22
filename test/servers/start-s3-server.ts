import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import getPort from 'get-port';

export const CREDENTIALS = { accessKey: 'probity-test', secretKey: 'probity-test-secret' };

export interface S3Server {
  readonly endpoint: string;
  readonly pid: number;
  /** Kills the server and keeps what it holds. */
  halt(): Promise<void>;
  /** Starts it again, at the same address. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

interface ServerCommand {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly endpoint: string;
  /** Answers 200 when the server takes requests. */
  readonly health: string;
}

const freePort = (): Promise<number> => getPort({ host: '127.0.0.1', reserve: true });

export async function startMinio(program: string): Promise<S3Server> {
  return start(program, async (folder) => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const console = `127.0.0.1:${await freePort()}`;
    return {
      args: ['server', folder, '--address', endpoint.slice('http://'.length), '--console-address', console],
      env: { MINIO_ROOT_USER: CREDENTIALS.accessKey, MINIO_ROOT_PASSWORD: CREDENTIALS.secretKey, MINIO_BROWSER: 'off' },
      endpoint,
      health: `${endpoint}/minio/health/ready`,
    };
  });
}

export async function startSeaweedfs(program: string): Promise<S3Server> {
  return start(program, async (folder) => {
    const config = join(folder, 's3.json');
    const identity = { name: 'test', credentials: [CREDENTIALS], actions: ['Admin', 'Read', 'Write', 'List'] };
    await writeFile(config, JSON.stringify({ identities: [identity] }));
    const ports: string[] = [];
    for (const name of ['master', 'volume', 'filer'])
      ports.push(`-${name}.port=${await freePort()}`, `-${name}.port.grpc=${await freePort()}`);
    const s3 = await freePort();
    const others = ['-s3.port.grpc', '-s3.port.iceberg', '-s3.port.lance'];
    for (const name of others) ports.push(`${name}=${await freePort()}`);
    return {
      args: [
        'server',
        '-s3',
        `-s3.port=${s3}`,
        `-s3.config=${config}`,
        `-dir=${folder}`,
        '-ip=127.0.0.1',
        '-ip.bind=127.0.0.1',
        '-volume.max=20',
        ...ports,
      ],
      env: {},
      endpoint: `http://127.0.0.1:${s3}`,
      health: `http://127.0.0.1:${s3}/healthz`,
    };
  });
}

async function start(program: string, command: (folder: string) => Promise<ServerCommand>): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-s3-'));
  const launch = await command(folder);
  let child = await up(program, launch);
  return {
    endpoint: launch.endpoint,
    pid: child.pid!,
    halt: () => ended(child),
    resume: async () => {
      child = await up(program, launch);
    },
    stop: async () => {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function up(program: string, { args, env, health }: ServerCommand): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)));
  const deadline = Date.now() + 60_000;
  while (!(await answers(health))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`"${program}" did not come up:\n${log}`);
    }
    await wait(100);
  }
  return child;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });
}
