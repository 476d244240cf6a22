import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';

let bundled: Promise<{ readonly code: string }> | undefined;

/** The workflows as they stand in the checkout, bundled as the build does, but from sources: nothing has to be built. */
export function bundleSources(): Promise<WorkflowBundleOption & { readonly code: string }> {
  bundled ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../packages/workflows/src/workflows.ts', import.meta.url)),
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        conditionNames: ['probity-source', '...'],
        extensionAlias: { '.js': ['.ts', '.js'] },
      },
    }),
  });
  return bundled;
}
