import type { Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { withTemporal } from '../campaigns/campaigns.js';
import { readHistory } from '@probity/connections/campaigns/read-history';
import { describeHistory } from '../print/history.js';
import { parseCount } from './option-values.js';

export function addCampaignHistory(campaign: Command, context: CommandContext): void {
  campaign
    .command('history')
    .description(
      'Every step with its attempts, failures and retries, the hash of its inputs, and whether its result was found.',
    )
    .argument('<id>', 'campaign id')
    .option('--round <round>', 'only this round', parseCount)
    .option('--failures', 'only steps of which an attempt failed')
    .addHelpText(
      'after',
      "\nExamples:\n  $ probity campaign history sunnybrook\n  $ probity campaign history sunnybrook --round 1 --failures\n  $ probity campaign history sunnybrook --json | jq '.[] | select(.attempts > 1)'",
    )
    .action(
      answering(context, (id: string, { round, failures = false }: { round?: number; failures?: boolean }) =>
        withTemporal(context.terminal, async (temporal) => {
          const all = await readHistory(temporal, id);
          const steps = all.filter(
            (step) => (round === undefined || step.round === round) && (!failures || step.failure !== undefined),
          );
          return { json: steps, text: describeHistory(steps) };
        }),
      ),
    );
}
