import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProbityError, type ErrorCode } from '@probity/core/errors';
import { repositoryRoot } from '@probity/connections/tools-folder';
import { renderTable } from './table.js';

/** What a person reads when a command fails: what happened, its code, what to do. A trace only where asked for. */
export function describeFailure(error: unknown, { debug }: { debug: boolean }): string {
  const trace = debug && error instanceof Error ? `\n${traceOf(error)}` : '';
  if (error instanceof ProbityError) {
    const advice = adviceOf(error.code);
    return `${withAllFaults(error)}\n  code: ${error.code}${advice === undefined ? '' : `\n  what to do: ${advice}`}${trace}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = debug ? '' : '\n  This was not foreseen. Run the command again with --debug to see where it comes from';
  return `${message}${hint}${trace}`;
}

/** Faults of an import as a table: a message alone stops after some lines, and all of them have to be mended. */
function withAllFaults({ code, message, details: { faults } }: ProbityError): string {
  if (code !== 'DATASET_INVALID' || !Array.isArray(faults)) return message;
  const rows = faults.map((fault: string) => {
    const [file = '', kind = '', ...rest] = fault.split(': ');
    return { file, kind, what: rest.join(': ') };
  });
  const table = renderTable<(typeof rows)[number]>(
    [
      { title: 'file', value: ({ file }) => file },
      { title: 'fault', value: ({ kind }) => kind },
      { title: 'found', value: ({ what }) => what },
    ],
    rows,
  );
  return `${message.split('\n')[0]}\n\n${table}\n`;
}

export function failureJson(error: unknown): unknown {
  if (error instanceof ProbityError)
    return { error: { code: error.code, message: error.message, details: error.details } };
  return { error: { message: error instanceof Error ? error.message : String(error) } };
}

/** The last column of the code's row in docs/errors.md, the one place that explains errors. */
export function adviceOf(code: ErrorCode): string | undefined {
  let page: string;
  try {
    page = readFileSync(join(repositoryRoot, 'docs/errors.md'), 'utf8');
  } catch {
    return undefined; // the failure itself matters more than a page that is not there
  }
  const row = page.split('\n').find((line) => line.startsWith(`| \`${code}\` |`));
  return row?.split('|').at(-2)?.trim().replaceAll('`', '');
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${traceOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
