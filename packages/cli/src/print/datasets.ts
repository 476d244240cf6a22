import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import type { ImportSummary } from '@probity/datasets/import/summarise-import';
import { formatCount, formatCounted, formatShare } from './quantities.js';
import { renderPairs, renderTable } from './table.js';

export interface VersionSummary {
  readonly task: DatasetVersion['task'];
  readonly itemCount: number;
  readonly groupCount: number;
  readonly humanCount: number;
  readonly machineCount: number;
  readonly unlabelledCount: number;
  readonly setAsideCount: number;
  /** Items whose label shows the class. */
  readonly classes: readonly { readonly name: string; readonly itemCount: number }[];
  /** Of the machine labels; absent where there are none. */
  readonly confidenceMean?: number;
}

export function summariseVersion({ task, items, classes, setAside }: DatasetVersion): VersionSummary {
  const labels = items.flatMap(({ label }) => (label === undefined ? [] : [label]));
  const machine = labels.filter(({ origin }) => origin === 'machine');
  const confidences = machine.flatMap(({ confidence }) => (confidence === undefined ? [] : [confidence]));
  const shows = (index: number) =>
    labels.filter((label) => (label.kind === 'mask' ? label.classes.includes(index) : label.classIndex === index))
      .length;
  return {
    task,
    itemCount: items.length,
    groupCount: new Set(items.map(({ group }) => group)).size,
    humanCount: labels.length - machine.length,
    machineCount: machine.length,
    unlabelledCount: items.length - labels.length,
    setAsideCount: setAside.length,
    classes: classes.map((name, index) => ({ name, itemCount: shows(index) })),
    ...(confidences.length > 0 && {
      confidenceMean: confidences.reduce((sum, value) => sum + value, 0) / confidences.length,
    }),
  };
}

export function describeVersions(versions: readonly (VersionSummary & { readonly name: string })[]): string {
  if (versions.length === 0) return 'No data sets yet; "probity dataset import --help" says how to import one';
  return renderTable(
    [
      { title: 'data set', value: ({ name }) => name },
      { title: 'task', value: ({ task }) => task },
      { title: 'items', align: 'right', value: ({ itemCount }) => formatCount(itemCount) },
      { title: 'groups', align: 'right', value: ({ groupCount }) => formatCount(groupCount) },
      { title: 'by people', align: 'right', value: ({ humanCount }) => formatCount(humanCount) },
      { title: 'by machine', align: 'right', value: ({ machineCount }) => formatCount(machineCount) },
      { title: 'set aside', align: 'right', value: ({ setAsideCount }) => formatCount(setAsideCount) },
    ],
    versions,
  );
}

const SET_ASIDE_SHOWN = 10;

export function describeVersion(name: string, version: DatasetVersion): string {
  const { itemCount, groupCount, humanCount, machineCount, unlabelledCount, setAsideCount, classes, confidenceMean } =
    summariseVersion(version);
  const roles = (['labelled', 'pool', 'test'] as const).flatMap((role) => {
    const count = version.items.filter((item) => item.role === role).length;
    return count === 0 ? [] : [`${formatCount(count)} ${role}`];
  });
  const confidence = confidenceMean === undefined ? '' : `, mean confidence ${formatShare(confidenceMean)}`;
  const pairs = renderPairs([
    [
      'Data set',
      `${name} (${version.task}${version.campaignId === undefined ? '' : `, published by campaign ${version.campaignId}`})`,
    ],
    [
      'Items',
      `${formatCount(itemCount)} in ${formatCounted(groupCount, 'group')}${roles.length === 0 ? '' : `: ${roles.join(', ')}`}`,
    ],
    [
      'Labels',
      `${formatCount(humanCount)} by people, ${formatCount(machineCount)} by machine${confidence}, ${formatCount(unlabelledCount)} without`,
    ],
    [
      'Classes',
      classes.map(({ name: title, itemCount: count }) => `${title} (in ${formatCounted(count, 'item')})`).join(', '),
    ],
    ['Sizes', describeSizes(version)],
    ...(setAsideCount > 0 ? [['Set aside', formatCounted(setAsideCount, 'item')] as const] : []),
  ]);
  return [pairs, ...describeSetAside(version)].join('\n');
}

function describeSetAside({ setAside }: DatasetVersion): string[] {
  const shown = setAside.slice(0, SET_ASIDE_SHOWN).map(({ id, reason }) => `  ${id}: ${reason}`);
  const more = setAside.length - shown.length;
  return more > 0 ? [...shown, `  and ${formatCount(more)} more; --json lists them all`] : shown;
}

function describeSizes({ items }: DatasetVersion): string {
  const range = (values: readonly number[]) => {
    const [low, high] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Infinity, 0],
    );
    return low === high ? `${low}` : `${low} to ${high}`;
  };
  const colour = items.filter(({ image }) => image.channels === 3).length;
  const kind = colour === 0 ? 'grey' : colour === items.length ? 'colour' : `${formatCount(colour)} in colour`;
  return `${range(items.map(({ image }) => image.width))} × ${range(items.map(({ image }) => image.height))} pixels, ${kind}`;
}

export function describeImport(
  dataset: DatasetVersion,
  { summary, reused }: { summary: ImportSummary; reused: boolean },
): string {
  const how = reused
    ? `Data set "${dataset.name}" was there already, with the very same content`
    : `Imported data set "${dataset.name}" (${summary.layout})`;
  const remarks = summary.remarks.map((remark) => `Note: ${remark}`);
  return [how, '', describeVersion(dataset.name, dataset), ...(remarks.length > 0 ? ['', ...remarks] : [])].join('\n');
}
