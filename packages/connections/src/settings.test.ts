import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

const homes: string[] = [];
function freshHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'probity-settings-'));
  homes.push(home);
  return home;
}
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

const S3 = {
  PROBITY_STORE: 's3',
  PROBITY_S3_ENDPOINT: 'https://s3.example.org',
  PROBITY_S3_BUCKET: 'images',
  PROBITY_S3_ACCESS_KEY: 'a',
  PROBITY_S3_SECRET_KEY: 's',
};

function withStack(address: string): string {
  const home = freshHome();
  const service = {
    name: 'temporal',
    pid: 1,
    fingerprint: 'f',
    startedAt: new Date(0).toISOString(),
    logFile: 'l',
    ready: true,
    address,
  };
  writeFileSync(join(home, 'stack.json'), JSON.stringify({ schemaVersion: 1, ports: {}, services: [service] }));
  return home;
}

describe('readSettings()', () => {
  it('needs nothing: home and store lie in the current folder, and no Temporal is known', () => {
    const settings = readSettings({});
    expect(settings.home).toBe(resolve('.probity'));
    expect(settings.store).toEqual({ kind: 'directory', directory: resolve('.probity/store') });
    expect(readSettings({ PROBITY_HOME: freshHome() }).temporal).toEqual({
      source: 'none',
      connection: undefined,
      namespace: 'default',
    });
  });

  it('takes an empty value for an absent one', () => {
    expect(readSettings({ PROBITY_HOME: '', PROBITY_STORE: '' }).home).toBe(resolve('.probity'));
  });

  it('finds the embedded stack by its home', () => {
    const settings = readSettings({ PROBITY_HOME: withStack('127.0.0.1:4711') });
    expect(settings.temporal).toEqual({
      source: 'stack',
      connection: { address: '127.0.0.1:4711' },
      namespace: 'default',
    });
  });

  it('lets TEMPORAL_* settings come before the embedded stack', () => {
    const environment = {
      PROBITY_HOME: withStack('127.0.0.1:4711'),
      TEMPORAL_ADDRESS: 'cluster:7233',
      TEMPORAL_NAMESPACE: 'mine',
      TEMPORAL_API_KEY: 'k',
    };
    expect(readSettings(environment).temporal).toEqual({
      source: 'cluster',
      connection: { address: 'cluster:7233', apiKey: 'k', tls: true },
      namespace: 'mine',
    });
  });

  it('reads a profile from the configuration file of Temporal', () => {
    const home = freshHome();
    const file = join(home, 'temporal.toml');
    writeFileSync(file, '[profile.lab]\naddress = "lab:7233"\nnamespace = "imaging"\n');
    const { temporal } = readSettings({ PROBITY_HOME: home, TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'lab' });
    expect(temporal).toMatchObject({ source: 'cluster', connection: { address: 'lab:7233' }, namespace: 'imaging' });
  });

  it('reads an S3 store and ends its prefix with a slash', () => {
    expect(readSettings({ ...S3, PROBITY_S3_PREFIX: 'team/probity' }).store).toEqual({
      kind: 's3',
      endpoint: 'https://s3.example.org',
      bucket: 'images',
      accessKey: 'a',
      secretKey: 's',
      region: 'us-east-1',
      prefix: 'team/probity/',
    });
  });

  it('divides the cores among the slots that are asked for', () => {
    expect(readSettings({ PROBITY_JOB_SLOTS: '1024' }).jobs).toMatchObject({ slots: 1024, threads: 1 });
    expect(readSettings({ PROBITY_JOB_SLOTS: '2', PROBITY_JOB_THREADS: '3' }).jobs).toMatchObject({
      slots: 2,
      threads: 3,
    });
    expect(readSettings({ PROBITY_JOB_THREADS: '1024' }).jobs).toMatchObject({ slots: 1, threads: 1024 });
  });

  it('reads what trains and how images lie in memory', () => {
    expect(readSettings({}).engine).toEqual({ device: 'cpu', layout: 'auto', training: 'auto' });
    expect(readSettings({ PROBITY_ONNX_LAYOUT: 'plain' }).engine).toMatchObject({ layout: 'plain' });
    expect(readSettings({ PROBITY_ONNX_LAYOUT: '16' }).engine).toMatchObject({ layout: 16 });
    expect(readSettings({ PROBITY_ENGINE: 'tensorflow' }).engine).toMatchObject({ training: 'tensorflow' });
    expect(readSettings({ PROBITY_ENGINE: 'tensorflow-bfloat16' }).engine).toMatchObject({
      training: 'tensorflow-bfloat16',
    });
    expect(readSettings({ PROBITY_ONNX_DEVICE: 'webgpu' }).engine).toMatchObject({ device: 'webgpu' });
  });

  it('ignores settings that are far from its own', () => {
    expect(() => readSettings({ PROBITY_WEATHER_REPORT: 'fine', PROBITY_OUTAGE_SECONDS: '5' })).not.toThrow();
  });

  it.each([
    ['an unknown store', { PROBITY_STORE: 'ftp' }, 'PROBITY_STORE: Must be "directory" or "s3"'],
    ['a misspelt name', { PROBITY_STORE_DIRECTORI: 'x' }, 'did you mean PROBITY_STORE_DIRECTORY?'],
    ['half of an S3 store', { PROBITY_STORE: 's3' }, 'PROBITY_S3_BUCKET: Must be set when PROBITY_STORE is "s3"'],
    [
      'S3 settings of a directory store',
      { PROBITY_S3_BUCKET: 'images' },
      'PROBITY_STORE: Must be "s3", since PROBITY_S3_BUCKET is set',
    ],
    [
      'an endpoint without a scheme',
      { ...S3, PROBITY_S3_ENDPOINT: 's3.example.org' },
      'PROBITY_S3_ENDPOINT: Must be an address',
    ],
    ['a bucket in capitals', { ...S3, PROBITY_S3_BUCKET: 'IMAGES' }, 'PROBITY_S3_BUCKET: Must be a bucket name'],
    ['a prefix that leads out', { ...S3, PROBITY_S3_PREFIX: '/x' }, 'PROBITY_S3_PREFIX: Must be folder names'],
    ['no slots', { PROBITY_JOB_SLOTS: '0' }, 'PROBITY_JOB_SLOTS: Must be 1 or more'],
    ['slots that are no number', { PROBITY_JOB_SLOTS: 'two' }, 'PROBITY_JOB_SLOTS: Must be a whole number'],
    ['an engine that there is not', { PROBITY_ENGINE: 'torch' }, 'PROBITY_ENGINE: Must be "auto"'],
    ['an unknown device', { PROBITY_ONNX_DEVICE: 'gpu' }, 'PROBITY_ONNX_DEVICE: Must be "cpu", "webgpu" or "cuda"'],
    [
      'a layout of a CPU with another device',
      { PROBITY_ONNX_DEVICE: 'webgpu', PROBITY_ONNX_LAYOUT: '8' },
      'PROBITY_ONNX_LAYOUT: Must not be set with the device "webgpu"',
    ],
    ['a layout of no machine', { PROBITY_ONNX_LAYOUT: '12' }, 'PROBITY_ONNX_LAYOUT: Must be "auto"'],
    ['a namespace of no cluster', { TEMPORAL_NAMESPACE: 'mine' }, 'TEMPORAL_NAMESPACE: Names no cluster by itself'],
    ['a profile that is not there', { TEMPORAL_PROFILE: 'nowhere', TEMPORAL_CONFIG_FILE: '/dev/null' }, 'TEMPORAL_*:'],
  ])('refuses %s with INVALID_INPUT', (_, environment, message) => {
    expect(() => readSettings(environment)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(message) }),
    );
  });

  it('reports all faults at once', () => {
    const read = () =>
      readSettings({ PROBITY_STORE: 'ftp', PROBITY_JOB_SLOTS: 'two', PROBITY_HOMES: 'x', TEMPORAL_TLS: 'true' });
    expect(read).toThrow(/4 fault\(s\)[^]*PROBITY_HOMES[^]*PROBITY_STORE[^]*PROBITY_JOB_SLOTS[^]*TEMPORAL_TLS/);
  });

  it('says so when the stack file is damaged', () => {
    const home = freshHome();
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'stack.json'), '{"half":');
    expect(() => readSettings({ PROBITY_HOME: home })).toThrow(/stack file .* damaged/);
  });
});
