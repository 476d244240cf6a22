import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listRuns } from '@probity/connections/campaigns/campaign-runs';
import { readCampaign, type CampaignView } from '@probity/connections/campaigns/read-campaign';
import { readHistory, type HistoryStep } from '@probity/connections/campaigns/read-history';
import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { readSettings } from '@probity/connections/settings';
import type { BenchOptions } from '../bench-options.js';
import { describeMachine } from '../machine.js';
import { requireSunnybrook } from '../quality/sunnybrook.js';
import { toReport, type BenchReport } from '../report.js';
import { installedVersions } from '../versions.js';
import { deviceShare, type DeviceShare } from './device-share.js';
import { largestPayload } from './history-size.js';
import { probity } from './probity-command.js';
import { followMemory, type PeakMemory } from './process-memory.js';

const CAMPAIGN_ID = 'bench';

/** What is run: the campaign of the README on real images; for a look, the demo's on generated ones. */
interface Subject {
  readonly specFile: string;
  readonly makeDataset: readonly string[];
}

const exampleFile = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

const sunnybrook = (): Subject => ({
  specFile: exampleFile('sunnybrook.yaml'),
  makeDataset: ['dataset', 'import', requireSunnybrook(), '--name', 'lv', '--group-column', 'patient'],
});
const phantom: Subject = {
  specFile: exampleFile('demo.yaml'),
  makeDataset: ['dataset', 'phantom', '--name', 'phantom', '--items', '96', '--groups', '32', '--beta', '300'],
};

/**
 * A whole campaign on a stack of its own: how busy it keeps the device, and what it costs besides. `PROBITY_BENCH_HOME`
 * names an empty folder to run it in that is kept, to look at the campaign behind the figures.
 */
export async function runCampaignBench({ quick }: BenchOptions): Promise<BenchReport> {
  const { specFile, makeDataset } = quick ? phantom : sunnybrook();
  const kept = process.env['PROBITY_BENCH_HOME'];
  const home = kept ?? (await mkdtemp(join(tmpdir(), 'probity-bench-')));
  try {
    await probity(home, ...makeDataset);
    await probity(home, 'up');
    const memory = followMemory(home);
    await probity(home, 'campaign', 'start', specFile, '--id', CAMPAIGN_ID, '--watch');
    return await describe({ home, specFile, memory: memory.stop() });
  } finally {
    await probity(home, 'down');
    if (kept === undefined) await rm(home, { recursive: true });
  }
}

async function describe({
  home,
  specFile,
  memory,
}: {
  home: string;
  specFile: string;
  memory: PeakMemory[];
}): Promise<BenchReport> {
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
        setting: { campaign: specFile.split('/').at(-1), jobs: settings.jobs, spec: campaign.spec },
        seconds: secondsOf(campaign),
        deviceByRound: rounds,
        deviceByStep: shareByStep(steps, settings.jobs.slots),
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
