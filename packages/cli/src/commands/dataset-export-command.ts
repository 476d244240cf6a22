import { resolve } from 'node:path';
import { openStore } from '@probity/connections/open-store';
import { COCO_INSTANCES, type CocoInstances } from '@probity/datasets/export/export-coco';
import { EXPORT_FORMATS, exportVersion, type ExportFormat } from '@probity/datasets/export/export-version';
import type { VersionFilter } from '@probity/datasets/versions/filter-version';
import { readVersion } from '@probity/datasets/versions/read-version';
import { resolveVersion } from '@probity/datasets/versions/resolve-version';
import { Option, type Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { createItemProgress } from '../print/item-progress.js';
import { formatCounted } from '../print/quantities.js';
import { settingsOf } from '../terminal.js';
import { parseCount, parseShare } from './option-values.js';

interface ExportOptions extends Pick<VersionFilter, 'origin' | 'round' | 'confidenceMin' | 'role'> {
  readonly format: ExportFormat;
  readonly out: string;
  readonly class?: string;
  readonly instances?: CocoInstances;
}

const HELP = `
Formats:
  png   images, masks, ignore masks and manifest.csv; a classification as a folder a class. An import reads it back
  coco  images and annotations.json; segmentation only

Both hold the ledger: ledger.parquet, one row a label with who or what made it, in which round, at what confidence.
The folder is there whole or not at all.

Examples:
  $ probity dataset export lv@round-2 --format coco --out lv-coco
  $ probity dataset export lv@sunnybrook/round-2 --format png --out lv-sure --origin machine --confidence-min 0.9`;

export function addDatasetExport(dataset: Command, context: CommandContext): void {
  const { terminal } = context;
  dataset
    .command('export')
    .description('Write a version of a data set as files, with its ledger.')
    .argument('<version>', '"lv" for the import, "lv@round-2" or "lv@<campaign>/round-2" for what a campaign published')
    .addOption(new Option('--format <format>', 'what to write').choices(EXPORT_FORMATS).makeOptionMandatory())
    .requiredOption('--out <folder>', 'folder that is empty or not there yet')
    .addOption(new Option('--origin <origin>', 'only labels made by').choices(['human', 'machine']))
    .option('--round <round>', 'only machine labels of this round', parseCount)
    .option('--confidence-min <share>', 'only machine labels at least this sure, 0 to 1; human labels stay', parseShare)
    .option('--class <name>', 'only labels that show this class')
    .addOption(
      new Option('--role <role>', 'only items the campaign used as').choices(['labelled', 'pool', 'test'] as const),
    )
    .addOption(
      new Option('--instances <rule>', 'coco: one annotation a connected piece, or a class').choices(COCO_INSTANCES),
    )
    .addHelpText('after', HELP)
    .action(
      answering(context, async (name: string, { class: className, ...options }: ExportOptions) => {
        const { format, instances, origin, round, confidenceMin, role } = options;
        const store = await openStore(settingsOf(terminal).store);
        const version = await readVersion(store, await resolveVersion(store, name));
        const progress = createItemProgress(terminal);
        const out = resolve(options.out);
        try {
          const filter = { origin, round, confidenceMin, role, className };
          const onProgress = (at: { done: number; total: number }) => progress.show('writing files', at);
          const counts = await exportVersion({ store, version, format, out, filter, instances, onProgress });
          const text = `Exported ${name}: ${formatCounted(counts.itemCount, 'item')}, ${formatCounted(counts.labelCount, 'label')} to "${out}"`;
          return { json: { name, format, out, ...counts }, text };
        } finally {
          progress.end();
        }
      }),
    );
}
