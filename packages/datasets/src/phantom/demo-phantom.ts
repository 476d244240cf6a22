import type { PhantomOptions } from './generate-phantom.js';

/** The images of `examples/demo.yaml`: enough for three folds, a test set and a pool, few enough for minutes. */
export const DEMO_PHANTOM = {
  name: 'phantom',
  seed: 1,
  items: 96,
  groups: 32,
  size: 64,
  beta: 300,
} as const satisfies Omit<PhantomOptions, 'store'>;
