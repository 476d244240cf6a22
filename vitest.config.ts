import { defineConfig } from 'vitest/config';

const shared = {
  resolve: { conditions: ['probity-source'] },
  // Not `import`: vitest hands these to Node, which would then resolve `require` to modules (Temporal's integers break).
  ssr: { resolve: { conditions: ['probity-source', 'node'] } },
};
const node = { environment: 'node' as const, testTimeout: 30_000, hookTimeout: 120_000 };

/**
 * `unit` needs nothing but the checkout; `graph` is the compiler's, whose many small files share a process; `page` is the
 * console's page; `stack` starts servers and child processes and runs file by file.
 */
export default defineConfig({
  ...shared,
  test: {
    projects: [
      {
        ...shared,
        test: {
          ...node,
          name: 'unit',
          exclude: ['packages/tfjs-graph/**'],
          include: [
            'packages/*/src/**/*.test.ts',
            'bench/src/**/*.test.ts',
            'test/{architecture,contracts,replay}/**/*.test.ts',
            'apps/console/server/**/*.test.ts',
          ],
        },
      },
      {
        ...shared,
        test: { ...node, name: 'graph', isolate: false, include: ['packages/tfjs-graph/src/**/*.test.ts'] },
      },
      { ...shared, test: { ...node, name: 'page', environment: 'jsdom', include: ['apps/console/web/**/*.test.tsx'] } },
      {
        ...shared,
        test: {
          ...node,
          name: 'stack',
          include: ['test/{e2e,servers,browser}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
