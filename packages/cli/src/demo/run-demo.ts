import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { openStore } from '@probity/connections/open-store';
import { hasCode } from '@probity/core/errors';
import { DEMO_PHANTOM } from '@probity/datasets/phantom/demo-phantom';
import { generatePhantom } from '@probity/datasets/phantom/generate-phantom';
import type { Answer } from '../answer.js';
import { readCampaign, type CampaignView } from '@probity/connections/campaigns/read-campaign';
import { fullReport } from '../campaigns/report-campaign.js';
import { readyCampaign, startCampaign } from '../campaigns/start-campaign.js';
import { watchCampaign } from '../campaigns/watch-campaign.js';
import { EXIT } from '../exit-codes.js';
import { createItemProgress } from '../print/item-progress.js';
import { describePreview } from '../print/preview.js';
import { describeReport } from '../print/report.js';
import { stackPages } from '../print/services.js';
import { renderPairs } from '../print/table.js';
import { readSpecFile } from '../spec/read-spec-file.js';
import { startStack } from '../stack/start-stack.js';
import { stopStack } from '../stack/stop-stack.js';
import { say, settingsOf, type Terminal } from '../terminal.js';
import { repositoryRoot } from '@probity/connections/tools-folder';

const SPEC_FILE = join(repositoryRoot, 'examples/demo.yaml');
const CAMPAIGN_ID = 'demo';

/**
 * A whole campaign on generated images in a home of its own. Run again, it goes on where it stopped, or shows the
 * table of the campaign that has ended. Ctrl-C stops everything it started.
 */
export async function runDemo(outer: Terminal, { fresh }: { fresh: boolean }): Promise<Answer> {
  const home = join(settingsOf(outer).home, 'demo');
  const terminal: Terminal = { ...outer, environment: { ...outer.environment, PROBITY_HOME: home } };
  let interrupted = false;
  const forget = terminal.onInterrupt(() => {
    if (!interrupted) say(terminal, 'Stopping …');
    interrupted = true;
  });
  const isInterrupted = () => interrupted;
  try {
    if (fresh) await startAfresh(home, terminal);
    const ended = await reachEnd(home, terminal, isInterrupted);
    if (ended !== undefined) return await demoAnswer(ended, home, terminal);
    await stopStack({ home, onProgress: (line) => say(terminal, `  ${line}`) });
    return {
      json: { id: CAMPAIGN_ID, interrupted: true },
      text: 'The demo is stopped. The same command goes on where it stopped',
      exitCode: EXIT.interrupted,
    };
  } finally {
    forget();
  }
}

async function startAfresh(home: string, terminal: Terminal): Promise<void> {
  say(terminal, `Removing the last demo from "${home}"`);
  await stopStack({ home });
  await rm(home, { recursive: true, force: true });
}

/** The campaign when it has ended; `undefined` after Ctrl-C. */
async function reachEnd(
  home: string,
  terminal: Terminal,
  isInterrupted: () => boolean,
): Promise<CampaignView | undefined> {
  await generateImages(terminal);
  if (isInterrupted()) return undefined;
  say(terminal, 'Starting Temporal, the workers and the console');
  await startStack({ home, environment: terminal.environment, onProgress: (line) => say(terminal, `  ${line}`) });
  if (isInterrupted()) return undefined;
  const temporal = await connectTemporal(settingsOf(terminal));
  try {
    const known = await findCampaign(temporal);
    if (known !== undefined && known.status !== 'running') {
      say(terminal, 'The demo has ended before; to run it anew: npm run demo -- --fresh\n');
      return known;
    }
    if (known === undefined) await startDemo(temporal, terminal);
    else say(terminal, 'The demo goes on where it stopped\n');
    for (const page of pageLines(home)) say(terminal, page);
    const end = await watchCampaign(temporal, CAMPAIGN_ID, terminal);
    return end.kind === 'ended' ? end.campaign : undefined;
  } finally {
    await temporal.close();
  }
}

async function generateImages(terminal: Terminal): Promise<void> {
  const progress = createItemProgress(terminal);
  try {
    say(
      terminal,
      `Generating data set "${DEMO_PHANTOM.name}": ${DEMO_PHANTOM.items} images in ${DEMO_PHANTOM.groups} groups`,
    );
    const store = await openStore(settingsOf(terminal).store);
    await generatePhantom({ ...DEMO_PHANTOM, store, onProgress: (at) => progress.show('drawing phantoms', at) });
  } finally {
    progress.end();
  }
}

async function startDemo(temporal: TemporalClient, terminal: Terminal): Promise<void> {
  const ready = await readyCampaign(await readSpecFile(SPEC_FILE), { id: CAMPAIGN_ID, terminal });
  await startCampaign(temporal, ready);
  say(
    terminal,
    `\nCampaign ${CAMPAIGN_ID}, as ${relative(process.cwd(), SPEC_FILE)} describes it\n${describePreview(ready.spec, ready.preview)}\n`,
  );
}

async function findCampaign(temporal: TemporalClient): Promise<CampaignView | undefined> {
  try {
    return await readCampaign(temporal, CAMPAIGN_ID);
  } catch (error) {
    if (hasCode(error, 'CAMPAIGN_MISSING')) return undefined;
    throw error;
  }
}

async function demoAnswer(campaign: CampaignView, home: string, terminal: Terminal): Promise<Answer> {
  const { store } = settingsOf(terminal);
  const report = await fullReport(campaign, await openStore(store), store);
  const place = relative(process.cwd(), home) || home;
  const probity = `PROBITY_HOME=${place} npx probity`;
  const next = renderPairs([
    ['Look closer', `${probity} campaign history ${CAMPAIGN_ID}`],
    ['Run it anew', 'npm run demo -- --fresh'],
    ['Stop its servers', `${probity} down`],
  ]);
  const text = [
    describeReport(report, { task: campaign.spec.task, probity }),
    ...pageLines(home),
    '',
    'The pages stay up until the servers are stopped.',
    next,
  ].join('\n');
  const good = campaign.status === 'completed';
  return { json: { home, report, pages: stackPages(home) }, text, exitCode: good ? EXIT.ok : EXIT.failed };
}

function pageLines(home: string): string[] {
  const { console: consolePage, temporal } = stackPages(home);
  return [
    ...(consolePage === undefined ? [] : [`Console:         ${consolePage}`]),
    ...(temporal === undefined ? [] : [`Temporal's page: ${temporal}`]),
  ];
}
