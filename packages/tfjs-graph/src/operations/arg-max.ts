import { argReduction } from './families/arg-reduction.js';

/** The position of the largest element along one axis, as int32; the first of equal ones. */
export const argMax = argReduction('ArgMax');
