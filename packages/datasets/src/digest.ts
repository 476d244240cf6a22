import { createHash } from 'node:crypto';
import { canonicalJson } from '@probity/core/artifacts/canonical-json';

/** Lower-case hexadecimal SHA-256. */
export const sha256Hex = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** UTF-8 of a value's canonical JSON: the form in which versions are stored, so that equal versions are equal bytes. */
export const canonicalBytes = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value));
