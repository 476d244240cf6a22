import { ProbityError } from '@probity/core/errors';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../onnx/onnx-engine.js';
import { withHostState } from '../host-state.js';
import { SMALL_STATE } from '../small-step.js';
import { faultOfBfloat16, type CompileSmallStep } from './bfloat16.js';

const WITH = 'processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_bf16\n';
const WITHOUT = 'processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_bf1\n';

/** Runs the small step in float32, whatever is asked for; `spoil` changes what bfloat16 is said to have given. */
const compiling =
  (spoil: (velocity: Float32Array) => Float32Array): CompileSmallStep =>
  async (graph, convolutions) => {
    const engine = await createOnnxEngine({ threads: 1 });
    const step = withHostState(await engine.compile(graph), SMALL_STATE);
    const read = async () => {
      const state = await step.read();
      return { ...state, velocity: spoil(state['velocity'] as Float32Array) };
    };
    return convolutions === 'bfloat16' ? { ...step, read } : step;
  };

describe('faultOfBfloat16()', () => {
  it('is none where the gradient is that of float32 to rounding', async () => {
    const rounded = compiling((velocity) => velocity.map((value, i) => value * (i % 2 === 0 ? 1.04 : 0.96)));
    expect(await faultOfBfloat16('cpu', rounded, WITH)).toBeUndefined();
    expect(await faultOfBfloat16('gpu', rounded, '')).toBeUndefined(); // its processor multiplies nothing
  });

  it('names what the processor lacks, without running anything', async () => {
    const never: CompileSmallStep = () => Promise.reject(new Error('was run'));
    const expected = 'this processor has no instructions for it (avx512_bf16, amx_bf16)';
    expect(await faultOfBfloat16('cpu', never, WITHOUT)).toBe(expected);
    expect(await faultOfBfloat16('cpu', never, '')).toBe(expected);
    expect(await faultOfBfloat16('cpu', never, WITH)).toBe('a small training step did not run: was run');
  });

  it('stays open where memory is lacking', async () => {
    const scarce: CompileSmallStep = () => Promise.reject(new ProbityError('OUT_OF_MEMORY', 'Cannot compile a graph'));
    await expect(faultOfBfloat16('cpu', scarce, WITH)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  });

  it.each([
    ['other numbers', (velocity: Float32Array) => velocity.map((value, i) => (i < velocity.length / 3 ? 0 : value))],
    ['no numbers', (velocity: Float32Array) => velocity.map((value, i) => (i === 7 ? Number.NaN : value))],
  ])('is found in %s', async (_, spoil) => {
    expect(await faultOfBfloat16('cpu', compiling(spoil), WITH)).toMatch(
      /failed the self-test with a relative error of/,
    );
  });
});
