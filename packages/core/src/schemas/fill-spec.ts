import type { z } from 'zod';
import { ProbityError } from '../errors.js';
import { campaignSpecSchema, type CampaignSpec } from './campaign-spec.js';
import { nearestWord } from './nearest-word.js';
import { defaultSpec, type DatasetFacts } from './spec-defaults.js';

export interface SpecFault {
  /** From the top of the file to the key at fault, so that its line can be found. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type FilledSpec =
  | { readonly kind: 'complete'; readonly spec: CampaignSpec }
  | { readonly kind: 'faulty'; readonly faults: readonly SpecFault[] };

/** Keys without a default: what a file must say, and what it says only to have it. Defaults name every other key. */
const WITHOUT_DEFAULT = { name: undefined, dataset: undefined, split: { test: undefined }, student: undefined };

/**
 * Completes what a person wrote in a campaign file: merges the defaults in, key by key, and checks the whole.
 *
 * A list replaces a default list. A misspelt key is a fault, never a default; all faults are reported together, except
 * that rules across keys (sizes that must divide, warm-up below steps) are checked once the single values are right.
 *
 * @param given The parsed YAML or JSON.
 * @param facts What is known of the data set, if anything.
 */
export function fillSpec(given: unknown, facts: DatasetFacts = {}): FilledSpec {
  if (!isRecord(given)) {
    return {
      kind: 'faulty',
      faults: [{ path: [], message: 'Must be a mapping with at least name, dataset and split' }],
    };
  }
  const defaults = defaultSpec(given, facts);
  const merged = merge(defaults, given);
  const parsed = campaignSpecSchema.safeParse(merged);
  if (parsed.success) return { kind: 'complete', spec: parsed.data };
  const known = merge(defaults, WITHOUT_DEFAULT);
  return { kind: 'faulty', faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, { merged, known })) };
}

/** @throws {ProbityError} `SPEC_INVALID`, with every fault in the message. */
export function requireSpec(given: unknown, facts: DatasetFacts = {}): CampaignSpec {
  const filled = fillSpec(given, facts);
  if (filled.kind === 'complete') return filled.spec;
  const lines = filled.faults.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new ProbityError('SPEC_INVALID', `Cannot read campaign file:\n${lines.map((line) => `  ${line}`).join('\n')}`, {
    details: { faults: lines },
  });
}

function merge(defaults: unknown, given: unknown): unknown {
  if (given === undefined) return defaults;
  if (!isRecord(defaults) || !isRecord(given)) return given;
  // Defaults of another kind do not fit: `kind: bogus` must be the only fault, not the keys around it.
  if ('kind' in defaults && 'kind' in given && defaults['kind'] !== given['kind']) return given;
  const keys = new Set([...Object.keys(defaults), ...Object.keys(given)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(own(defaults, key), own(given, key))]));
}

function faultsOf(issue: z.core.$ZodIssue, { merged, known }: { merged: unknown; known: unknown }): SpecFault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `Unknown key${suggestion({ path, key, known })}`,
    }));
  }
  const message = issue.message.replace(/^Invalid input: e/, 'E');
  return [{ path, message: valueAt(merged, path) === undefined ? 'Is missing' : message }];
}

/** The nearest key of the same mapping, or else the mapping where a key of that very name belongs. */
function suggestion({ path, key, known }: { path: readonly (string | number)[]; key: string; known: unknown }): string {
  const here = valueAt(known, path);
  const keys = isRecord(here) ? Object.keys(here) : [];
  const nearest = nearestWord(key, keys);
  if (nearest !== undefined) return `, did you mean "${nearest}"?`;
  const place = placesOf(key, known)[0];
  if (place !== undefined) return `, did you mean "${place}"?`;
  return keys.length > 0 ? `; known here: ${keys.toSorted().join(', ')}` : '';
}

function placesOf(key: string, tree: unknown, prefix = ''): string[] {
  if (!isRecord(tree)) return [];
  return Object.entries(tree).flatMap(([name, below]) => [
    ...(name === key ? [`${prefix}${name}`] : []),
    ...placesOf(key, below, `${prefix}${name}.`),
  ]);
}

function valueAt(tree: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return value[Number(part)];
    return isRecord(value) ? own(value, String(part)) : undefined;
  }, tree);
}

function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
