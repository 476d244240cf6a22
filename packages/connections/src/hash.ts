import { createHash } from 'node:crypto';
import { canonicalJson } from '@probity/core/artifacts/canonical-json';

/** Lower-case hexadecimal SHA-256. */
export const sha256Hex = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The hash of a value's canonical JSON: equal for equal values, whatever the order of their keys. */
export const hashJson = (value: unknown): string => sha256Hex(canonicalJson(value));
