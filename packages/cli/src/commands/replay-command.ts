import type { Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { withTemporal } from '../campaigns/campaigns.js';
import { EXIT } from '../exit-codes.js';
import { describeReplays } from '../print/replays.js';
import { replayHistories } from '../replay/replay-histories.js';
import { fetchHistories, readHistoryFile, saveHistories } from '../replay/recorded-histories.js';

const HELP = `
Exit code 1 where today's code would go another way: such a change must stand behind patched(), see CONTRIBUTING.md.

Examples:
  $ probity replay sunnybrook                             every run of a campaign and of its sweeps
  $ probity replay sunnybrook --save test/replay/histories
  $ probity replay --file history.json                    a history saved here or by "temporal workflow show --output json"`;

interface ReplayOptions {
  readonly file?: string[];
  readonly save?: string;
}

/** `replay`: does today's workflow code still fit what was recorded? */
export function addReplayCommand(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('replay')
    .description("Run recorded histories against today's workflow code, and say where they part.")
    .argument('[id]', 'campaign id')
    .option('--file <files...>', 'histories as JSON instead of a campaign')
    .option('--save <folder>', 'also write the histories there, as JSON')
    .addHelpText('after', HELP)
    .action(
      answering(context, async (id: string | undefined, { file, save }: ReplayOptions, command: Command) => {
        if ((id === undefined) === (file === undefined)) command.error('error: name either a campaign or --file');
        const histories =
          id === undefined
            ? await Promise.all(file!.map(readHistoryFile))
            : await withTemporal(terminal, (temporal) => fetchHistories(temporal, id));
        if (save !== undefined) await saveHistories(save, histories);
        const replays = await replayHistories(histories);
        return {
          json: replays,
          text: describeReplays(replays),
          exitCode: replays.every(({ fits }) => fits) ? EXIT.ok : EXIT.failed,
        };
      }),
    );
}
