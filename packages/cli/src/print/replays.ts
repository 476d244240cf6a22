import type { Replay } from '../replay/replay-histories.js';
import { formatCount, formatCounted } from './quantities.js';
import { renderTable } from './table.js';

export function describeReplays(replays: readonly Replay[]): string {
  const table = renderTable<Replay>(
    [
      { title: 'history', value: ({ title }) => title },
      { title: 'events', align: 'right', value: ({ eventCount }) => formatCount(eventCount) },
      { title: 'fits', value: ({ fits }) => (fits ? 'yes' : 'no') },
    ],
    replays,
  );
  const parted = replays.filter(({ fits }) => !fits);
  const sum =
    parted.length === 0
      ? `Today's workflow code fits ${formatCounted(replays.length, 'history', 'histories')}`
      : `Today's workflow code does not fit ${formatCounted(parted.length, 'history', 'histories')}`;
  return [table, '', ...parted.map(({ title, reason = '' }) => `${title}: ${reason}`), sum].join('\n');
}
