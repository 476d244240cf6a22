import { argReduction } from './families/arg-reduction.js';

/** The position of the smallest element along one axis, as int32; the first of equal ones. */
export const argMin = argReduction('ArgMin');
