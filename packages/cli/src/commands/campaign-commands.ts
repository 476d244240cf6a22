import { openStore } from '@probity/connections/open-store';
import type { Command } from 'commander';
import { answering, type Answer, type CommandContext } from '../answer.js';
import { withTemporal } from '../campaigns/campaigns.js';
import { ensureStack } from '../campaigns/ensure-stack.js';
import { listCampaigns } from '@probity/connections/campaigns/list-campaigns';
import { describeCampaign, readCampaign, type CampaignView } from '@probity/connections/campaigns/read-campaign';
import { fullReport } from '../campaigns/report-campaign.js';
import { readRunningSteps } from '@probity/connections/campaigns/running-steps';
import { readyCampaign, startCampaign } from '../campaigns/start-campaign.js';
import { watchCampaign, type WatchEnd } from '../campaigns/watch-campaign.js';
import { EXIT } from '../exit-codes.js';
import { describeCampaigns, describeStatus } from '../print/campaigns.js';
import { describePreview } from '../print/preview.js';
import { describeReport } from '../print/report.js';
import { readSpecFile } from '../spec/read-spec-file.js';
import { say, settingsOf, type Terminal } from '../terminal.js';
import { addCampaignControls } from './campaign-control-commands.js';
import { addCampaignHistory } from './campaign-history-command.js';

/** `campaign start|list|status|watch|report|history` and the controls. */
export function addCampaignCommands(program: Command, context: CommandContext): void {
  const campaign = program.command('campaign').description('Start, watch, steer and look into campaigns.');
  addStart(campaign, context);
  addList(campaign, context);
  addStatus(campaign, context);
  addWatch(campaign, context);
  addReport(campaign, context);
  addCampaignHistory(campaign, context);
  addCampaignControls(campaign, context);
}

const START_HELP = `
The file is checked against the data set before anything is started; every fault is listed with its line. Keys, defaults
and limits: "probity schema", or an editor that reads the first line of the examples. Where no TEMPORAL_* setting names
a cluster, the embedded stack is started if it is not up.

Examples:
  $ probity campaign start examples/sunnybrook.yaml --watch
  $ probity campaign start examples/sunnybrook.yaml --id sunnybrook-2 --json
  $ probity campaign start examples/sunnybrook.yaml --check`;

interface StartOptions {
  readonly id?: string;
  readonly watch?: boolean;
  readonly check?: boolean;
}

function addStart(campaign: Command, context: CommandContext): void {
  const { terminal } = context;
  campaign
    .command('start')
    .description('Start the campaign that a file describes.')
    .argument('<file>', 'campaign file, YAML or JSON')
    .option('--id <id>', "the campaign's id, if not the name in the file")
    .option('--watch', 'show its progress until it ends; Ctrl-C leaves it running')
    .option('--check', 'say what it would do, and start nothing')
    .addHelpText('after', START_HELP)
    .action(
      answering(context, async (path: string, { id, watch = false, check = false }: StartOptions) => {
        const ready = await readyCampaign(await readSpecFile(path), { id, terminal });
        const { spec, preview } = ready;
        const json = { id: ready.id, started: !check, preview, spec };
        if (check) return { json, text: describePreview(spec, preview) };
        await ensureStack(terminal);
        return withTemporal(terminal, async (temporal) => {
          await startCampaign(temporal, ready);
          const started = `Campaign ${ready.id} is started\n\n${describePreview(spec, preview)}`;
          if (!watch) return { json, text: `${started}\n\nWatch it: probity campaign watch ${ready.id}` };
          say(terminal, `${started}\n`);
          return afterWatch(await watchCampaign(temporal, ready.id, terminal), { id: ready.id, terminal });
        });
      }),
    );
}

/** The report of a campaign that ended; of one that goes on, how to come back to it. */
export async function afterWatch(end: WatchEnd, { id, terminal }: { id: string; terminal: Terminal }): Promise<Answer> {
  if (end.kind === 'ended') return reportAnswer(end.campaign, terminal);
  const text = `Campaign ${id} goes on without this command. Come back: probity campaign watch ${id}. Stop it: probity campaign cancel ${id}`;
  return { json: { id, detached: true }, text, exitCode: EXIT.interrupted };
}

export async function reportAnswer(campaign: CampaignView, terminal: Terminal): Promise<Answer> {
  const { store } = settingsOf(terminal);
  const report = await fullReport(campaign, await openStore(store), store);
  const good = campaign.status === 'completed' || campaign.status === 'running';
  return {
    json: report,
    text: describeReport(report, { task: campaign.spec.task }),
    exitCode: good ? EXIT.ok : EXIT.failed,
  };
}

function addList(campaign: Command, context: CommandContext): void {
  const { terminal } = context;
  campaign
    .command('list')
    .description('List campaigns, the newest first.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity campaign list\n  $ probity campaign list --json | jq -r \'.[] | select(.status == "running") | .id\'',
    )
    .action(
      answering(context, () =>
        withTemporal(terminal, async (temporal) => {
          const campaigns = await listCampaigns(temporal);
          return { json: campaigns, text: describeCampaigns(campaigns) };
        }),
      ),
    );
}

function addStatus(campaign: Command, context: CommandContext): void {
  const { terminal } = context;
  campaign
    .command('status')
    .description('Say where a campaign stands and what runs at this moment.')
    .argument('<id>', 'campaign id')
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity campaign status sunnybrook\n  $ probity campaign status sunnybrook --json | jq .state.stage',
    )
    .action(
      answering(context, (id: string) =>
        withTemporal(terminal, async (temporal) => {
          const view = await readCampaign(temporal, id);
          const steps =
            view.status === 'running' ? await readRunningSteps(temporal, await describeCampaign(temporal, id)) : [];
          return { json: { ...view, steps }, text: describeStatus(view, steps) };
        }),
      ),
    );
}

function addWatch(campaign: Command, context: CommandContext): void {
  const { terminal } = context;
  campaign
    .command('watch')
    .description('Show the progress of a campaign until it ends, then its report. Ctrl-C leaves the campaign running.')
    .argument('<id>', 'campaign id')
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity campaign watch sunnybrook\n  $ probity campaign watch sunnybrook --json > report.json',
    )
    .action(
      answering(context, (id: string) =>
        withTemporal(terminal, async (temporal) =>
          afterWatch(await watchCampaign(temporal, id, terminal), { id, terminal }),
        ),
      ),
    );
}

function addReport(campaign: Command, context: CommandContext): void {
  const { terminal } = context;
  campaign
    .command('report')
    .description(
      'One row a round: test score against the control arm, calibration before and after, what became of the pool.',
    )
    .argument('<id>', 'campaign id')
    .addHelpText(
      'after',
      "\nExamples:\n  $ probity campaign report sunnybrook\n  $ probity campaign report sunnybrook --json | jq '.rows[] | {round, score, difference}'",
    )
    .action(
      answering(context, (id: string) =>
        withTemporal(terminal, async (temporal) => ({
          ...(await reportAnswer(await readCampaign(temporal, id), terminal)),
          exitCode: EXIT.ok,
        })),
      ),
    );
}
