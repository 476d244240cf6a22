import { measuredMachineSchema } from '@probity/core/engines/machine-measurement';
import { describe, expect, it } from 'vitest';
import { describeMachine, widestInstructions } from './machine.js';

describe('widestInstructions()', () => {
  it.each([
    ['processor : 0\nflags\t\t: fpu avx avx2 avx512f avx512_vnni\n', 'avx512_vnni'],
    ['flags : fpu avx2 avx\n', 'avx2'],
    ['flags : fpu avx512vl\n', undefined],
    ['Features : fp asimd\n', undefined],
    ['', undefined],
  ])('of %j is %s', (info, expected) => {
    expect(widestInstructions(info)).toBe(expected);
  });
});

describe('describeMachine()', () => {
  it('says the same twice, and what a measurement can keep', () => {
    const machine = describeMachine();
    expect(describeMachine()).toEqual(machine);
    expect(measuredMachineSchema.parse(machine)).toEqual(machine);
    expect(machine.platform).toBe(`${process.platform}-${process.arch}`);
  });
});
