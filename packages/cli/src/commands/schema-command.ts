import { campaignSpecFileJsonSchema } from '@probity/core/schemas/spec-file';
import type { Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';

export function addSchemaCommand(program: Command, context: CommandContext): void {
  program
    .command('schema')
    .description('Print the JSON schema of a campaign file: every key, its limits and its default.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity schema | jq .properties.training\n  $ probity schema > docs/campaign-spec.schema.json',
    )
    .action(
      answering(context, () => {
        const schema = campaignSpecFileJsonSchema();
        return { json: schema, text: JSON.stringify(schema, undefined, 2) };
      }),
    );
}
