import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listRuns } from '@probity/connections/campaigns/campaign-runs';
import { readCampaign, type CampaignView } from '@probity/connections/campaigns/read-campaign';
import { readHistory, type HistoryStep } from '@probity/connections/campaigns/read-history';
import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { openStore } from '@probity/connections/open-store';
import { readSettings } from '@probity/connections/settings';
import { DEMO_PHANTOM } from '@probity/datasets/phantom/demo-phantom';
import { generatePhantom } from '@probity/datasets/phantom/generate-phantom';
import { parse, stringify } from 'yaml';
import type { BenchOptions } from '../bench-options.js';
import { describeMachine } from '../machine.js';
import { requireSunnybrook } from '../quality/sunnybrook.js';
import { toReport, type BenchReport } from '../report.js';
import { installedVersions } from '../versions.js';
import { deviceShare, type DeviceShare } from './device-share.js';
import { batchWaits } from './batch-waits.js';
import { largestPayload } from './history-size.js';
import { probity } from './probity-command.js';
import { followMemory, type PeakMemory } from './process-memory.js';

const CAMPAIGN_ID = 'bench';

/** What is run, and where. */
interface Subject {
  readonly home: string;
  readonly specFile: string;
}

const exampleFile = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

/** The campaign of the README on real images. */
async function prepareSunnybrook(home: string): Promise<Subject> {
  await probity(home, 'dataset', 'import', requireSunnybrook(), '--name', 'lv', '--group-column', 'patient');
  return { home, specFile: exampleFile('sunnybrook.yaml') };
}

/** For a look: round 0 of the demo. */
async function preparePhantom(home: string): Promise<Subject> {
  const { store } = readSettings({ ...process.env, PROBITY_HOME: home });
  await generatePhantom({ ...DEMO_PHANTOM, store: await openStore(store) });
  const demo = parse(await readFile(exampleFile('demo.yaml'), 'utf8')) as object;
  const specFile = join(home, 'bench.yaml');
  await writeFile(specFile, stringify({ ...demo, rounds: { max: 0 } }));
  return { home, specFile };
}

/**
 * A whole campaign on a stack of its own: how busy it keeps the device, and what it costs besides. `PROBITY_BENCH_HOME`
 * names an empty folder to run it in that is kept, to look at the campaign behind the figures.
 */
export async function runCampaignBench({ quick }: BenchOptions): Promise<BenchReport> {
  const kept = process.env['PROBITY_BENCH_HOME'];
  const home = kept ?? (await mkdtemp(join(tmpdir(), 'probity-bench-')));
  try {
    const subject = quick ? await preparePhantom(home) : await prepareSunnybrook(home);
    await probity(home, 'up');
    return await describe({ ...subject, memory: await runFollowed(subject) });
  } finally {
    await probity(home, 'down');
    if (kept === undefined) await rm(home, { recursive: true });
  }
}

async function runFollowed({ home, specFile }: Subject): Promise<PeakMemory[]> {
  const memory = followMemory(home);
  try {
    await probity(home, 'campaign', 'start', specFile, '--id', CAMPAIGN_ID, '--watch');
  } finally {
    memory.stop();
  }
  return memory.peaks();
}

async function describe({ home, specFile, memory }: Subject & { memory: PeakMemory[] }): Promise<BenchReport> {
  const settings = readSettings({ ...process.env, PROBITY_HOME: home });
  const temporal = await connectTemporal(settings);
  try {
    const campaign = await readCampaign(temporal, CAMPAIGN_ID);
    const steps = await readHistory(temporal, CAMPAIGN_ID);
    const rounds = campaign.state.rounds.map(({ round }) => shareOf(steps, { round, slots: settings.jobs.slots }));
    return toReport({
      name: 'campaign',
      machine: describeMachine(),
      versions: installedVersions(),
      unit: 'share of the wanted slot time in which the engine computed, one run a round',
      better: 'higher',
      ours: rounds.map(({ share }) => share),
      rivals: [],
      details: {
        setting: { campaign: basename(specFile), jobs: settings.jobs, spec: campaign.spec },
        seconds: secondsOf(campaign),
        deviceByRound: rounds,
        deviceByStep: shareByStep(steps, settings.jobs.slots),
        batchWaits: batchWaits(steps),
        ...(await historySizes(temporal)),
        peakMemory: memory,
        rounds: campaign.state.rounds,
      },
    });
  } finally {
    await temporal.close();
  }
}

const secondsOf = ({ startedAt, endedAt }: CampaignView): number =>
  (Date.parse(endedAt ?? startedAt) - Date.parse(startedAt)) / 1000;

/** Of the steps that a device did and that were computed, not found. */
function shareOf(steps: readonly HistoryStep[], { round, slots }: { round?: number; slots: number }): DeviceShare {
  const computed = steps.flatMap(({ round: of, scheduledAt, endedAt, busyMilliseconds, reused }) =>
    busyMilliseconds === undefined || endedAt === undefined || reused || (round !== undefined && of !== round)
      ? []
      : [{ scheduledAt: Date.parse(scheduledAt), endedAt: Date.parse(endedAt), busyMilliseconds }],
  );
  return deviceShare(computed, slots);
}

/** The same for each kind of step, so that one sees where the rest goes. */
function shareByStep(steps: readonly HistoryStep[], slots: number): Record<string, DeviceShare> {
  const names = new Set(steps.filter(({ busyMilliseconds }) => busyMilliseconds !== undefined).map(({ name }) => name));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      shareOf(
        steps.filter((step) => step.name === name),
        { slots },
      ),
    ]),
  );
}

/** A round is one run of the campaign's workflow, and each of its sweeps a run beside it. */
async function historySizes(temporal: TemporalClient): Promise<Record<string, unknown>> {
  const runs: { workflow: string; events: number; largestPayloadBytes: number }[] = [];
  for (const { workflowId, runId } of await listRuns(temporal, CAMPAIGN_ID)) {
    const history = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push({
      workflow: workflowId,
      events: history.events?.length ?? 0,
      largestPayloadBytes: largestPayload(history),
    });
  }
  return { runs, largestPayloadBytes: Math.max(...runs.map((run) => run.largestPayloadBytes)) };
}
