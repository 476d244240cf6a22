import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles, type ImportLine, type SourceFile } from './source-files.js';

/** Which workspace packages the code of a folder may import. The arrows of ARCHITECTURE.md, and nothing else. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'packages/core': [],
  'packages/tfjs-graph': ['tfjs-graph'], // its example imports it as a user would
  'packages/training': ['core', 'tfjs-graph'],
  'packages/connections': ['core', 'workflows'],
  'packages/datasets': ['core'],
  'packages/workflows': ['core'],
  'packages/worker-gpu': ['core', 'connections', 'datasets', 'training', 'workflows'],
  'packages/cli': ['core', 'connections', 'datasets', 'workflows'],
  'apps/console/server': ['core', 'connections', 'datasets', 'workflows'],
  'apps/console/web': ['core'],
  'test/support': ['core', 'workflows'],
  bench: ['core', 'connections', 'datasets', 'tfjs-graph', 'training', 'worker-gpu', 'workflows'],
};

/** Foreign libraries that only one place may touch, so that they can be replaced there. */
const ONLY_IN: Record<string, RegExp> = {
  'onnxruntime-node':
    /^(packages\/training\/src\/engine\/onnx\/|packages\/tfjs-graph\/(src\/(testing\/|.*\.test\.ts)|examples\/)|bench\/)/,
  '@tensorflow/tfjs': /^(packages\/(tfjs-graph|training)\/(src|examples)\/|bench\/)/,
  minio: /^(packages\/connections\/src\/store\/|test\/servers\/)/,
  sharp: /^(packages\/datasets\/src\/|apps\/console\/server\/|test\/)/,
  '@duckdb/node-api': /^packages\/datasets\/src\//,
  'nifti-reader-js': /^packages\/datasets\/src\//,
};

const isTest = (path: string) =>
  /\.(test|contract)\.tsx?$/.test(path) || path.startsWith('test/') || path.includes('/testing/');
const files = sourceFiles();

function importLines(predicate: (file: SourceFile) => boolean): { path: string; line: ImportLine }[] {
  return files.filter(predicate).flatMap((file) => importsOf(file).map((line) => ({ path: file.path, line })));
}

describe('imports', () => {
  it.each(Object.entries(MAY_IMPORT))('keep to the arrows in %s', (folder, allowed) => {
    const wrong = importLines((file) => file.path.startsWith(`${folder}/`) && !isTest(file.path))
      .filter(({ line }) => line.specifier.startsWith('@probity/'))
      .filter(({ line }) => !allowed.includes(line.specifier.split('/')[1]!))
      .map(({ path, line }) => `${path} imports ${line.specifier}`);
    expect(wrong).toEqual([]);
  });

  it('let core know zod and nothing else', () => {
    const wrong = importLines((file) => file.path.startsWith('packages/core/src/') && !isTest(file.path))
      .filter(({ line }) => !line.specifier.startsWith('.') && line.specifier !== 'zod')
      .map(({ path, line }) => `${path} imports ${line.specifier}`);
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(ONLY_IN))('let only one place touch %s', (library, place) => {
    const wrong = importLines((file) => !place.test(file.path))
      .filter(({ line }) => line.specifier === library && !line.typeOnly)
      .map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it('keep workflow code to the workflow library, plain core values and types', () => {
    const wrong = importLines(
      (file) => file.path.startsWith('packages/workflows/src/') && file.path.endsWith('.workflow.ts'),
    )
      .filter(({ line }) => !line.typeOnly)
      .filter(
        ({ line }) =>
          !/^(\.|@temporalio\/(workflow|common)$|@probity\/core\/(rounds|artifacts|errors))/.test(line.specifier),
      )
      .map(({ path, line }) => `${path} imports ${line.specifier}`);
    expect(wrong).toEqual([]);
  });

  it('would notice a wrong arrow (the test of the test)', () => {
    const lines = importsOf({
      path: 'x.ts',
      text: "import { a } from '@probity/worker-gpu/x';\nimport type { B } from 'zod';",
    });
    expect(lines).toEqual([
      { specifier: '@probity/worker-gpu/x', typeOnly: false },
      { specifier: 'zod', typeOnly: true },
    ]);
  });
});

describe('the house', () => {
  it('keeps every file at 300 lines or fewer', () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it('has no drawer for odds and ends', () => {
    const drawers = files.filter(({ path }) => /(^|[/-])(utils?|helpers?|common|misc|manager)(\.|\/|-)/.test(path));
    expect(drawers.map(({ path }) => path)).toEqual([]);
  });

  it('reads the environment in few, named places', () => {
    // tensorflow-library: TensorFlow takes threads and determinism from the environment, and from nowhere else.
    const place =
      /^(packages\/connections\/src\/settings|packages\/cli\/src\/(stack\/|tools\/|main\.ts)|apps\/console\/server\/config|scripts\/|bench\/|packages\/training\/src\/engine\/tensorflow\/tensorflow-library|packages\/(tfjs-graph|training)\/src\/testing\/|.*\.test\.ts|test\/)/;
    const readers = files.filter(({ path, text }) => !place.test(path) && /\bprocess\.env\b/.test(text));
    expect(readers.map(({ path }) => path)).toEqual([]);
  });
});
