import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph.js';
import type { TestInputs, TestOutputs } from '../testing/run-graph.js';
import { loadSavedModel } from '../testing/run-saved-model.js';
import { tensorFlow, tensorFlowTitle } from '../testing/tensor-flow-binding.js';
import { exactly } from '../testing/test-inputs.js';
import { trace } from '../trace.js';
import type { SavedModelOptions } from '../write-saved-model.js';

const [SIDE, INPUTS, OUTPUTS] = [6, 3, 5];
const X = [1, SIDE, SIDE, INPUTS] as const;
const FILTER = [3, 3, INPUTS, OUTPUTS] as const;
const Y = [1, SIDE, SIDE, OUTPUTS] as const;

/** A convolution, and its gradients towards both factors for a given gradient of its output. */
const convolution = (): Graph =>
  trace(
    ({ x, filter, dy }) => {
      const forward = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as Tensor4D, b as Tensor4D, 1, 'same');
      const [dx, df] = tf.grads(forward)([x!, filter!], dy!);
      return { y: forward(x!, filter!), dx: dx!, df: df!, untouched: tf.mul(x!, 1.001) };
    },
    {
      x: { shape: X, dtype: 'float32' },
      filter: { shape: FILTER, dtype: 'float32' },
      dy: { shape: Y, dtype: 'float32' },
    },
  );

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const wave = (shape: readonly number[], pace: number): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(pace * (i + 1)));

/** To the nearest number with 8 bits of mantissa, the even one of two. */
function toBfloat16(value: number): number {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer);
  const rounded = (bits! + 0x7fff + ((bits! >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(Uint32Array.of(rounded).buffer)[0]!;
}

/** The sums over every pair of a pixel and a tap that meet, in float64. */
function sums({ x, filter, dy }: Record<'x' | 'filter' | 'dy', Float32Array>) {
  const y = new Float64Array(sizeOf(Y));
  const dx = new Float64Array(sizeOf(X));
  const df = new Float64Array(sizeOf(FILTER));
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++)
      for (let tap = 0; tap < 9; tap++) {
        const [r, c] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
        if (r < 0 || c < 0 || r >= SIDE || c >= SIDE) continue;
        for (let i = 0; i < INPUTS; i++)
          for (let o = 0; o < OUTPUTS; o++) {
            const at = { x: (r * SIDE + c) * INPUTS + i, f: (tap * INPUTS + i) * OUTPUTS + o };
            const out = (row * SIDE + column) * OUTPUTS + o;
            y[out]! += x[at.x]! * filter[at.f]!;
            dx[at.x]! += dy[out]! * filter[at.f]!;
            df[at.f]! += dy[out]! * x[at.x]!;
          }
      }
  return { y, dx, df };
}

const given = { x: wave(X, 0.7), filter: wave(FILTER, 1.3), dy: wave(Y, 0.4) };

async function run(options: SavedModelOptions): Promise<TestOutputs> {
  const model = await loadSavedModel(convolution(), options);
  const shapes = { x: X, filter: FILTER, dy: Y };
  const inputs = Object.entries(given).map(([name, data]) => [
    name,
    exactly([...shapes[name as keyof typeof shapes]], [...data]),
  ]);
  const outputs = await model.run(Object.fromEntries(inputs) as TestInputs);
  await model.release();
  return outputs;
}

describe.skipIf(!tensorFlow)(`convolutions in bfloat16 ${tensorFlowTitle}`, () => {
  it('round their factors and their sums, and nothing else', async () => {
    const found = await run({ convolutions: 'bfloat16' });
    const [x, filter, dy] = [given.x.map(toBfloat16), given.filter.map(toBfloat16), given.dy.map(toBfloat16)];
    for (const [name, expected] of Object.entries(sums({ x, filter, dy }))) {
      const numbers = Array.from(found[name]!.data);
      expect(numbers.map(toBfloat16), name).toEqual(numbers); // as few bits as bfloat16 has
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Half a step of the largest number, and as much for a sum in float32 that lies close to the middle of two.
      numbers.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(largest * 2 ** -8));
    }
    const untouched = Array.from(given.x, (value) => Math.fround(value * Math.fround(1.001)));
    expect(Array.from(found['untouched']!.data)).toEqual(untouched);
  });

  it('are written only where they are asked for', async () => {
    const found = await run({});
    for (const [name, expected] of Object.entries(sums(given)))
      Array.from(found[name]!.data).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });
});
