import type { History } from '@temporalio/common/lib/proto-utils.js';

/** The number of bytes of the largest payload that a history holds: a request, a result, a signal, a memo. */
export const largestPayload = ({ events }: History): number => largestIn(events ?? []);

function largestIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  if (value instanceof Uint8Array) return 0;
  const { data, metadata } = value as { data?: unknown; metadata?: unknown };
  if (metadata !== undefined && data instanceof Uint8Array) return data.byteLength;
  return Object.values(value).reduce<number>((most, member) => Math.max(most, largestIn(member)), 0);
}
