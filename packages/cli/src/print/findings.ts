import type { Finding } from '../stack/finding.js';
import { formatCounted } from './quantities.js';

const MARKS = { ok: '✓', warning: '!', fault: '✗' } as const;

/** One line a finding, what to do below it, and the sum. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, message, advice }) => [
    `${MARKS[state]} ${check.padEnd(width)}  ${message}`,
    ...(advice === undefined ? [] : [`  ${''.padEnd(width)}  → ${advice}`]),
  ]);
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const sum = `${formatCounted(count('fault'), 'fault')}, ${formatCounted(count('warning'), 'warning')}`;
  return [...lines, '', count('fault') === 0 ? `Campaigns can run: ${sum}` : `Campaigns cannot run yet: ${sum}`].join(
    '\n',
  );
}
