import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '@probity/connections/settings';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNode, checkPorts, checkStore, checkTemporalTool } from './check-machine.js';
import { doctor, doctorExitCode } from './doctor.js';
import { fault, ok, warning } from './finding.js';
import { changeStackFile } from './write-stack-file.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'probity-doctor-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('checkNode()', () => {
  it.each([
    ['20.3.0', 'ok'],
    ['24.19.0', 'ok'],
    ['20.2.9', 'fault'],
    ['18.20.0', 'fault'],
  ])('finds version %s %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });
});

describe('checkTemporalTool()', () => {
  it('warns where the machine has none, since it can be fetched', async () => {
    expect(await checkTemporalTool({ PATH: '', PROBITY_TOOLS: home })).toMatchObject({ state: 'warning' });
  });

  it('finds fault with a setting that names nothing', async () => {
    const finding = await checkTemporalTool({
      PATH: '',
      PROBITY_TOOLS: home,
      PROBITY_TEMPORAL_CLI: join(home, 'nowhere'),
    });
    expect(finding).toMatchObject({ state: 'fault', advice: expect.stringContaining('PROBITY_TEMPORAL_CLI') });
  });
});

describe('checkStore()', () => {
  it('leaves nothing behind in a store that works', async () => {
    const settings = readSettings({ PROBITY_HOME: home });
    expect(await checkStore(settings)).toMatchObject({ state: 'ok' });
    expect(await checkStore(settings)).toMatchObject({ state: 'ok' });
  });

  it('finds fault with a store that cannot be opened', async () => {
    const settings = readSettings({ PROBITY_HOME: home, PROBITY_STORE_DIRECTORY: '/dev/null/store' });
    expect(await checkStore(settings)).toMatchObject({
      state: 'fault',
      advice: expect.stringContaining('PROBITY_STORE'),
    });
  });
});

describe('checkPorts()', () => {
  it('names a port that another program holds', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    changeStackFile(home, (stack) => ({ ...stack, ports: { temporal: port } }));
    expect(await checkPorts(home)).toMatchObject({
      state: 'warning',
      message: expect.stringContaining(`${port} (temporal)`),
    });
    await new Promise((resolve) => server.close(resolve));
    expect(await checkPorts(home)).toMatchObject({ state: 'ok' });
  });
});

describe('doctor()', () => {
  it('reports wrong settings and what can be looked at without them', async () => {
    const findings = await doctor({ PATH: '', PROBITY_TOOLS: home, PROBITY_HOME: home, PROBITY_STORE: 'ftp' });
    expect(findings.map(({ check }) => check)).toEqual([
      'Node',
      'Temporal program',
      'Engine',
      'Training engine',
      'Jobs',
      'Measurement',
      'TensorFlow',
      'Settings',
    ]);
    expect(doctorExitCode(findings)).toBe(1);
  });

  it('is content with a machine where nothing was started yet', async () => {
    const findings = await doctor({ PATH: '', PROBITY_TOOLS: home, PROBITY_HOME: home });
    expect(findings.find(({ check }) => check === 'Stack')).toMatchObject({ state: 'warning' });
    expect(doctorExitCode(findings)).toBe(0);
    for (const { state, advice } of findings) expect(advice === undefined).toBe(state === 'ok');
  });
});

describe('doctorExitCode()', () => {
  it('is 1 for a fault and 0 for warnings', () => {
    expect(doctorExitCode([ok('a', ''), warning('b', '', '')])).toBe(0);
    expect(doctorExitCode([ok('a', ''), fault('b', '', '')])).toBe(1);
  });
});
