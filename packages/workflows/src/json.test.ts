import type { CampaignState } from '@probity/core/schemas/campaign-state';
import { describe, expectTypeOf, it } from 'vitest';
import type { CpuActivities, GpuActivities } from './activities.js';
import type { CampaignInput } from './campaign-run.js';
import type { PlainJson } from './json.js';
import type { SweepInput, SweepResult } from './sweep.workflow.js';

/** Checked by the compiler: what is no plain JSON has no place in `PlainJson`. */
type IsPlainJson<T> = T extends PlainJson<T> ? true : false;

type Activities = CpuActivities & GpuActivities;
type Crossing = {
  [Name in keyof Activities]: [Parameters<Activities[Name]>[0], Awaited<ReturnType<Activities[Name]>>];
}[keyof Activities];

describe('what crosses a history', () => {
  it('is plain JSON: inputs, results and states of workflows, and all of the activities', () => {
    expectTypeOf<IsPlainJson<CampaignInput>>().toEqualTypeOf<true>();
    expectTypeOf<IsPlainJson<SweepInput>>().toEqualTypeOf<true>();
    expectTypeOf<IsPlainJson<SweepResult>>().toEqualTypeOf<true>();
    expectTypeOf<IsPlainJson<CampaignState>>().toEqualTypeOf<true>();
    expectTypeOf<IsPlainJson<Crossing>>().toEqualTypeOf<true>();
  });

  it('is noticed where it is not (the test of the test)', () => {
    expectTypeOf<IsPlainJson<{ nested: { folds: Map<string, number> }[] }>>().toEqualTypeOf<false>();
    expectTypeOf<IsPlainJson<{ at: Date }>>().toEqualTypeOf<false>();
    expectTypeOf<IsPlainJson<{ bytes: Uint8Array }>>().toEqualTypeOf<false>();
    expectTypeOf<IsPlainJson<{ call: () => void }>>().toEqualTypeOf<false>();
  });
});
