import { resolve } from 'node:path';
import { openStore } from '@probity/connections/open-store';
import { importDataset, type ImportProgress } from '@probity/datasets/import/import-dataset';
import type { MaskValues } from '@probity/datasets/import/resolve-classes';
import { MASK_VALUES } from '@probity/datasets/import/resolve-classes';
import { DUPLICATE_POLICIES, type DuplicatePolicy } from '@probity/datasets/import/settle-duplicates';
import { IMPORT_LAYOUTS, type ImportLayout } from '@probity/datasets/import/source-listing';
import { generatePhantom } from '@probity/datasets/phantom/generate-phantom';
import { listVersions } from '@probity/datasets/versions/list-datasets';
import { readVersion } from '@probity/datasets/versions/read-version';
import { nameOf, resolveVersion } from '@probity/datasets/versions/resolve-version';
import { Option, type Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { describeImport, describeVersion, describeVersions, summariseVersion } from '../print/datasets.js';
import { createItemProgress } from '../print/item-progress.js';
import { settingsOf } from '../terminal.js';
import { addDatasetExport } from './dataset-export-command.js';
import { parseCount, parseNumber } from './option-values.js';

/** `dataset import|phantom|list|show|export`. */
export function addDatasetCommands(program: Command, context: CommandContext): void {
  const dataset = program.command('dataset').description('Import, look at and export data sets.');
  addImport(dataset, context);
  addPhantom(dataset, context);
  addList(dataset, context);
  addShow(dataset, context);
  addDatasetExport(dataset, context);
}

interface ImportOptions {
  readonly name: string;
  readonly layout?: ImportLayout;
  readonly groupColumn?: string;
  readonly classes?: string[];
  readonly maskValues?: MaskValues;
  readonly pixelsMax?: number;
  readonly duplicates?: DuplicatePolicy;
  readonly setAsideBroken?: boolean;
}

const IMPORT_HELP = `
Layouts, told from the files unless given:
  manifest       manifest.csv with id, image, mask and more columns; images may be NIfTI volumes
  folders        images/ and masks/ with equal names
  class-folders  a folder of images for each class
  labels-csv     labels.csv with file and label

Everything is checked first and every fault is listed; nothing is imported by half.

Examples:
  $ probity dataset import ../shared/data/sunnybrook-lv --name lv --group-column patient --classes background,cavity
  $ probity dataset import ../nuclei --name nuclei --mask-values any-foreground
  $ probity dataset import ../chest --name chest --layout labels-csv --duplicates keep-first`;

function addImport(dataset: Command, context: CommandContext): void {
  const { terminal } = context;
  dataset
    .command('import')
    .description('Check a folder of images and labels, and import it as a data set.')
    .argument('<folder>', 'folder to import')
    .requiredOption('--name <name>', 'name of the data set: lower-case letters, digits, hyphens')
    .option('--group-column <column>', 'column that says what belongs together: patient, slide, volume')
    .addOption(new Option('--layout <layout>', 'how the folder is laid out').choices(IMPORT_LAYOUTS))
    .option(
      '--classes <names>',
      'class names in order, the background first for masks, e.g. background,cavity',
      parseNames,
    )
    .addOption(new Option('--mask-values <rule>', 'what a mask pixel means').choices(MASK_VALUES))
    .option('--pixels-max <count>', 'refuse larger images unopened', parseCount)
    .addOption(
      new Option('--duplicates <rule>', 'what to do with equal images in two groups').choices(DUPLICATE_POLICIES),
    )
    .option('--set-aside-broken', 'set unlabelled images that cannot be read aside instead of refusing')
    .addHelpText('after', IMPORT_HELP)
    .action(
      answering(context, async (folder: string, options: ImportOptions) => {
        const store = await openStore(settingsOf(terminal).store);
        const progress = createItemProgress(terminal);
        const onProgress = ({ stage, done, total }: ImportProgress) => progress.show(`${stage} files`, { done, total });
        try {
          const {
            dataset: imported,
            version,
            reused,
            summary,
          } = await importDataset({ ...options, store, folder: resolve(folder), onProgress });
          const json = { dataset: imported.name, reused, version, summary, setAside: imported.setAside };
          return { json, text: describeImport(imported, { summary, reused }) };
        } finally {
          progress.end();
        }
      }),
    );
}

interface PhantomFlags {
  readonly name: string;
  readonly seed: number;
  readonly items: number;
  readonly groups: number;
  readonly size: number;
  readonly beta: number;
}

function addPhantom(dataset: Command, context: CommandContext): void {
  const { terminal } = context;
  dataset
    .command('phantom')
    .description('Generate a data set whose true foreground probability is known for every pixel.')
    .requiredOption('--name <name>', 'name of the data set')
    .option('--items <count>', 'images', parseCount, 120)
    .option('--groups <count>', 'groups they belong to', parseCount, 30)
    .option('--size <pixels>', 'height and width', parseCount, 64)
    .option('--seed <number>', 'the same seed makes the same bytes', parseCount, 1)
    .option('--beta <sharpness>', 'the smaller, the more doubt', parseNumber, 80)
    .addHelpText(
      'after',
      '\nExamples:\n  $ probity dataset phantom --name phantom\n  $ probity dataset phantom --name doubtful --items 400 --groups 40 --beta 40',
    )
    .action(
      answering(context, async (options: PhantomFlags) => {
        const store = await openStore(settingsOf(terminal).store);
        const progress = createItemProgress(terminal);
        try {
          const {
            version,
            dataset: made,
            reused,
          } = await generatePhantom({ ...options, store, onProgress: (at) => progress.show('drawing phantoms', at) });
          return {
            json: { dataset: made.name, reused, version, summary: summariseVersion(made) },
            text: describeVersion(made.name, made),
          };
        } finally {
          progress.end();
        }
      }),
    );
}

function addList(dataset: Command, context: CommandContext): void {
  const { terminal } = context;
  dataset
    .command('list')
    .description('List data sets and the versions that campaigns published.')
    .argument('[name]', 'only this data set')
    .addHelpText('after', '\nExamples:\n  $ probity dataset list\n  $ probity dataset list lv --json')
    .action(
      answering(context, async (name: string | undefined) => {
        const store = await openStore(settingsOf(terminal).store);
        const names = await listVersions(store, name);
        const versions = await Promise.all(
          names.map(async (version) => {
            const ref = (await store.find(version.key))!; // it was listed a moment ago, and versions are never removed
            return { name: nameOf(version), key: version.key, ...summariseVersion(await readVersion(store, ref)) };
          }),
        );
        return { json: versions, text: describeVersions(versions) };
      }),
    );
}

function addShow(dataset: Command, context: CommandContext): void {
  const { terminal } = context;
  dataset
    .command('show')
    .description('Show a version of a data set: items, groups, classes, who made the labels.')
    .argument('<version>', '"lv" for the import, "lv@round-2" or "lv@<campaign>/round-2" for what a campaign published')
    .addHelpText('after', '\nExamples:\n  $ probity dataset show lv\n  $ probity dataset show lv@round-2 --json')
    .action(
      answering(context, async (name: string) => {
        const store = await openStore(settingsOf(terminal).store);
        const ref = await resolveVersion(store, name);
        const version = await readVersion(store, ref);
        const { ledger, setAside } = version;
        return {
          json: { name, version: ref, ...summariseVersion(version), ledger, setAside },
          text: describeVersion(name, version),
        };
      }),
    );
}

const parseNames = (text: string): string[] => text.split(',').map((name) => name.trim());
