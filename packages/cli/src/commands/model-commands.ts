import { resolve } from 'node:path';
import { openStore } from '@probity/connections/open-store';
import type { Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { exportStudent } from '../campaigns/export-student.js';
import { settingsOf } from '../terminal.js';

const HELP = `
A student is one network that learnt the calibrated probabilities of the campaign's best ensemble. The campaign file asks
for it with "student: {}"; "probity campaign report" sets its test score and calibration beside the ensemble's.

The folder holds student.onnx, which any ONNX runtime runs, and student.json: size and type of the image it takes, and the
classes whose probabilities it gives. Images of another size have to be brought to that size first. The folder is there
whole or not at all.

Examples:
  $ probity model export sunnybrook --out sunnybrook-student
  $ probity model export sunnybrook --out sunnybrook-student --json | jq .output.classes`;

/** `model export`. */
export function addModelCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const model = program.command('model').description('Take networks out of the store.');
  model
    .command('export')
    .description('Write the student of a campaign as an ONNX file of standard operators.')
    .argument('<campaign>', 'campaign id')
    .requiredOption('--out <folder>', 'folder that is empty or not there yet')
    .addHelpText('after', HELP)
    .action(
      answering(context, async (campaign: string, options: { out: string }) => {
        const out = resolve(options.out);
        const card = await exportStudent(await openStore(settingsOf(terminal).store), { campaign, out });
        const { input, output } = card;
        const text = `Exported the student of ${campaign} to "${out}": an image of ${input.shape.slice(1).join(' × ')} ${input.dtype} in, probabilities of ${output.classes.join(', ')} out`;
        return { json: { out, ...card }, text };
      }),
    );
}
