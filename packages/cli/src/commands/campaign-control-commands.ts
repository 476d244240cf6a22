import { userInfo } from 'node:os';
import type { TemporalClient } from '@probity/connections/connect-temporal';
import { ProbityError } from '@probity/core/errors';
import {
  approveUpdate,
  pauseUpdate,
  rejectUpdate,
  restartFoldUpdate,
  resumeUpdate,
  stopAfterRoundSignal,
} from '@probity/workflows/messages';
import type { WorkflowHandle } from '@temporalio/client';
import type { Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { withTemporal } from '../campaigns/campaigns.js';
import { answeredInTime } from '@probity/connections/campaigns/answered-in-time';
import { describeCampaign, readState, statusOf } from '@probity/connections/campaigns/read-campaign';
import { fromTemporal } from '@probity/connections/campaigns/temporal-errors';
import { parseCount } from './option-values.js';

/** What a person asks of a running campaign. A request that does not fit its state is refused with the reason. */
export function addCampaignControls(campaign: Command, context: CommandContext): void {
  addPlainControls(campaign, context);
  addGateControls(campaign, context);
  addRestartFold(campaign, context);
}

interface Control {
  readonly id: string;
  /** What is asked, for the JSON answer. */
  readonly command: string;
  readonly ask: (handle: WorkflowHandle, temporal: TemporalClient) => Promise<unknown>;
  readonly done: string;
}

/** @throws {ProbityError} `CAMPAIGN_MISSING`, `CAMPAIGN_STATE`, `STACK_DOWN` */
async function control(context: CommandContext, { id, command, ask, done }: Control) {
  return withTemporal(context.terminal, async (temporal) => {
    await requireRunning(temporal, id, command);
    try {
      await answeredInTime(temporal, () => ask(temporal.client.workflow.getHandle(id), temporal));
    } catch (error) {
      throw fromTemporal(error, id);
    }
    return { json: { id, command, done: true }, text: `Campaign ${id}: ${done}` };
  });
}

async function requireRunning(temporal: TemporalClient, id: string, command: string): Promise<void> {
  const status = statusOf((await describeCampaign(temporal, id)).status.name);
  if (status === 'running') return;
  throw new ProbityError('CAMPAIGN_STATE', `Cannot ${command} campaign "${id}": it has ended (${status})`, {
    details: { id, status },
  });
}

function addPlainControls(campaign: Command, context: CommandContext): void {
  const plain = [
    {
      name: 'pause',
      description: 'Finish the steps that are under way or wait for a slot, and ask for no others.',
      ask: (handle: WorkflowHandle) => handle.executeUpdate(pauseUpdate),
      done: 'paused; steps under way or waiting for a slot finish. Go on with "probity campaign resume"',
    },
    {
      name: 'resume',
      description: 'Go on after a pause.',
      ask: (handle: WorkflowHandle) => handle.executeUpdate(resumeUpdate),
      done: 'goes on',
    },
    {
      name: 'stop',
      description: 'End the campaign after the round under way: the round is published and scored.',
      ask: (handle: WorkflowHandle) => handle.signal(stopAfterRoundSignal),
      done: 'ends after the round under way',
    },
    {
      name: 'cancel',
      description:
        'End the campaign now. Rounds that have ended stay; the round under way is given up, its finished steps stay in the store.',
      ask: (handle: WorkflowHandle) => handle.cancel(),
      done: 'is being cancelled; jobs under way end within seconds',
    },
  ];
  for (const { name, description, ask, done } of plain) {
    campaign
      .command(name)
      .description(description)
      .argument('<id>', 'campaign id')
      .addHelpText('after', `\nExample:\n  $ probity campaign ${name} sunnybrook`)
      .action(answering(context, (id: string) => control(context, { id, command: name, ask, done })));
  }
}

interface GateOptions {
  readonly round?: number;
  readonly by: string;
  readonly reason?: string;
}

function addGateControls(campaign: Command, context: CommandContext): void {
  const roundAtGate = async (temporal: TemporalClient, id: string, given?: number) =>
    given ?? (await readState(temporal, id, 'running')).round;
  campaign
    .command('approve')
    .description('Let the round that waits at the gate be published.')
    .argument('<id>', 'campaign id')
    .option('--round <round>', 'the round that was looked at; refused when another one waits', parseCount)
    .option('--by <name>', 'who approves', userInfo().username)
    .addHelpText('after', '\nExample:\n  $ probity campaign approve sunnybrook --round 1 --by "A. Reader"')
    .action(
      answering(context, (id: string, { round, by }: GateOptions) =>
        control(context, {
          id,
          command: 'approve',
          ask: async (handle, temporal) =>
            handle.executeUpdate(approveUpdate, { args: [{ round: await roundAtGate(temporal, id, round), by }] }),
          done: `approved by ${by}`,
        }),
      ),
    );
  campaign
    .command('reject')
    .description('Refuse the round that waits at the gate: nothing of it is published, and the campaign ends.')
    .argument('<id>', 'campaign id')
    .requiredOption('--reason <text>', 'why; kept in the history')
    .option('--round <round>', 'the round that was looked at; refused when another one waits', parseCount)
    .option('--by <name>', 'who rejects', userInfo().username)
    .addHelpText('after', '\nExample:\n  $ probity campaign reject sunnybrook --reason "outlines too wide"')
    .action(
      answering(context, (id: string, { round, by, reason = '' }: GateOptions) =>
        control(context, {
          id,
          command: 'reject',
          ask: async (handle, temporal) =>
            handle.executeUpdate(rejectUpdate, {
              args: [{ round: await roundAtGate(temporal, id, round), by, reason }],
            }),
          done: `rejected by ${by}`,
        }),
      ),
    );
}

function addRestartFold(campaign: Command, context: CommandContext): void {
  campaign
    .command('restart-fold')
    .description('Train one fold of the round under way anew.')
    .argument('<id>', 'campaign id')
    .argument('<fold>', 'fold, from 0', parseCount)
    .addHelpText('after', '\nExample:\n  $ probity campaign restart-fold sunnybrook 2')
    .action(
      answering(context, (id: string, fold: number) =>
        control(context, {
          id,
          command: 'restart-fold',
          ask: (handle) => handle.executeUpdate(restartFoldUpdate, { args: [{ fold }] }),
          done: `fold ${fold} is trained anew`,
        }),
      ),
    );
}
