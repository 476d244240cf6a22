import { expect } from 'vitest';
import type { Graph } from '../graph.js';
import type { OnnxOptions } from '../write-onnx.js';
import { loadGraph, type TestInputs } from './run-graph.js';

/** What one graph computes the other computes too, to float32 rounding of the largest number of each output. */
export async function expectSameNumbers(
  reference: Graph,
  { graph, inputs, options = {} }: { graph: Graph; inputs: TestInputs; options?: OnnxOptions },
): Promise<void> {
  const [first, second] = [await loadGraph(reference), await loadGraph(graph, options)];
  const [expected, found] = [await first.run(inputs), await second.run(inputs)];
  await Promise.all([first.release(), second.release()]);
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(found[name]!.shape).toEqual(shape);
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - found[name]!.data[i]!)), 0);
    expect(worst, name).toBeLessThan(2e-5 * Math.max(1, largest));
  }
}
