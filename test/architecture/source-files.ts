import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '../..');

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.tools', '.turbo', '.probity', 'test-results', '.venv']);

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript and script file of the project, tests included. */
export function sourceFiles(folder = repositoryRoot): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourceFiles(full);
    if (!/\.(ts|tsx|mts|mjs|js)$/.test(entry.name)) return [];
    return [{ path: relative(repositoryRoot, full).replaceAll('\\', '/'), text: readFileSync(full, 'utf8') }];
  });
}

export interface ImportLine {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** The module specifiers a file names, static and dynamic. */
export function importsOf({ text }: SourceFile): ImportLine[] {
  const found: ImportLine[] = [];
  const pattern =
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  for (const match of text.matchAll(pattern)) {
    found.push({ specifier: (match[2] ?? match[3])!, typeOnly: match[1] !== undefined });
  }
  return found;
}
