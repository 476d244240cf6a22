import { readFile } from 'node:fs/promises';
import { ProbityError } from '@probity/core/errors';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { fillSpec, type SpecFault } from '@probity/core/schemas/fill-spec';
import type { DatasetFacts } from '@probity/core/schemas/spec-defaults';
import { isCollection, isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';

/** What stands in a campaign file, with the way from a key back to its line. */
export interface SpecFile {
  readonly path: string;
  readonly given: unknown;
  /** Characters before a key, or before the nearest thing above it that is there. */
  readonly offsetOf: (keys: readonly (string | number)[]) => number;
  /** `examples/lv.yaml:7:3`, line and column from 1. */
  readonly placeAt: (offset: number) => string;
}

/** @throws {ProbityError} `SPEC_INVALID` for a file that cannot be read or is no YAML, with every fault's line */
export async function readSpecFile(path: string): Promise<SpecFile> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const state = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new ProbityError('SPEC_INVALID', `Cannot read campaign file "${path}": ${state}`, { cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw faulty(
      path,
      document.errors.map(({ pos, message }) => `${placeAt(pos[0])}  ${sentence(message)}`),
    );
  }
  return { path, given: document.toJS() as unknown, offsetOf: (keys) => offsetOf(document, keys), placeAt };
}

/** @throws {ProbityError} `SPEC_INVALID`, every fault with its line and column and the reason */
export function requireSpecOfFile(
  { path, given, offsetOf, placeAt }: SpecFile,
  facts: DatasetFacts = {},
): CampaignSpec {
  const filled = fillSpec(given, facts);
  if (filled.kind === 'complete') return filled.spec;
  const placed = filled.faults
    .map((fault) => ({ fault, offset: offsetOf(fault.path) }))
    .toSorted((a, b) => a.offset - b.offset);
  throw faulty(
    path,
    placed.map(({ fault, offset }) => `${placeAt(offset)}  ${describeFault(fault)}`),
  );
}

const describeFault = ({ path, message }: SpecFault): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;

function faulty(path: string, faults: readonly string[]): ProbityError {
  const count = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  const message = `Cannot read campaign file "${path}": ${count}\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  return new ProbityError('SPEC_INVALID', message, { details: { path, faults } });
}

/** The library speaks of itself in capitals and ends in full stops here and there. */
const sentence = (message: string): string => message.trim().replace(/\.$/, '');

/** Where the key at the end of `keys` begins; of a key that is missing, where the mapping it belongs to begins. */
function offsetOf(document: Document.Parsed, keys: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => (isScalar(name) ? name.value : name) === key);
      if (pair === undefined) return offset;
      offset = startOf(pair.key);
      node = pair.value;
    } else if (isCollection(node)) {
      const item: unknown = node.get(key, true);
      if (item === undefined) return offset;
      offset = startOf(item);
      node = item;
    } else return offset;
  }
  return offset;
}

const startOf = (node: unknown): number => (node as Node | null | undefined)?.range?.[0] ?? 0;
