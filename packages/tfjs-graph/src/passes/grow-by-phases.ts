import type { Attributes, GraphNode, Value } from '../graph.js';
import type { GraphWriter } from './graph-edit.js';
import { tapMatrix, type GrownForm } from './grown-form.js';

/** Whether it is an odd row and an odd column of the grown image, image by image. */
const PHASES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** Row 4 · phase + tap. */
const rowOfTap = ([row, column]: readonly [number, number], tap: number): number => 4 * (2 * row + column) + tap;

/** Four convolutions of 2×2 taps, one for each pixel of a square. */
export class GrowByPhases implements GrownForm {
  readonly #writer: GraphWriter;
  readonly #phaseFilters = new Map<number, readonly Value[]>();
  readonly #phasesOf = new Map<number, readonly Value[]>();
  #taps: Value | undefined;

  constructor(writer: GraphWriter) {
    this.#writer = writer;
  }

  convolve({ inputs, outputs }: GraphNode, image: Value): void {
    const [batch, height, width] = image.shape as [number, number, number, number];
    const shape = [batch, height, width, outputs[0]!.shape[3]!];
    const filters = this.#filtersOf(inputs[1]!);
    const phases = PHASES.map((_, i) =>
      this.#writer.add('Conv2D', [image, filters[i]!], { shape, attributes: windowOfPhase(i) }),
    );
    this.#writer.nodes.push({ operation: 'InterleavePixels', inputs: phases, attributes: {}, outputs });
  }

  filterGradient({ inputs, outputs }: GraphNode, image: Value): void {
    const [, , channels, filters] = outputs[0]!.shape as [number, number, number, number];
    const shape = [2, 2, channels, filters];
    const products = this.#phases(inputs[1]!).map((dy, i) => {
      const attributes = { ...windowOfPhase(i), filterShape: shape };
      const gradient = this.#writer.add('Conv2DBackpropFilter', [image, dy], { shape, attributes });
      return this.#reshaped(gradient, [4, channels * filters]);
    });
    const rows = this.#writer.add('Concat', products, {
      shape: [16, channels * filters],
      attributes: { axis: 0 },
    });
    const sum = this.#writer.add('BatchMatMul', [this.#matrix(), rows], {
      shape: [9, channels * filters],
      attributes: { transposeA: true, transposeB: false },
    });
    this.#writer.nodes.push({ operation: 'Reshape', inputs: [sum], attributes: { shape: outputs[0]!.shape }, outputs });
  }

  imageGradient({ outputs }: GraphNode, gradient: GraphNode): void {
    const { shape } = outputs[0]!;
    const filters = this.#filtersOf(gradient.inputs[1]!);
    const parts = this.#phases(gradient.inputs[0]!).map((dy, i) => {
      const attributes = { ...windowOfPhase(i), inputShape: shape };
      return this.#writer.add('Conv2DBackpropInput', [dy, filters[i]!], { shape, attributes });
    });
    this.#writer.nodes.push({ operation: 'AddN', inputs: parts, attributes: {}, outputs });
  }

  /** The four 2×2 filters of a 3×3 one. */
  #filtersOf(filter: Value): readonly Value[] {
    const known = this.#phaseFilters.get(filter.id);
    if (known) return known;
    const [, , channels, outputs] = filter.shape as [number, number, number, number];
    const size = channels * outputs;
    const sums = this.#writer.add('BatchMatMul', [this.#matrix(), this.#reshaped(filter, [9, size])], {
      shape: [16, size],
      attributes: { transposeA: false, transposeB: false },
    });
    const filters = PHASES.map((_, i) => {
      const attributes = { begin: [4 * i, 0], size: [4, size] };
      return this.#reshaped(this.#writer.add('Slice', [sums], { shape: [4, size], attributes }), [
        2,
        2,
        channels,
        outputs,
      ]);
    });
    this.#phaseFilters.set(filter.id, filters);
    return filters;
  }

  /** The four images of a grown one: its even and odd rows and columns. */
  #phases(image: Value): readonly Value[] {
    const known = this.#phasesOf.get(image.id);
    if (known) return known;
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const shape = [batch, height / 2, width / 2, channels];
    const phases = PHASES.map(([row, column]) =>
      this.#writer.add('PixelPhase', [image], { shape, attributes: { row, column } }),
    );
    this.#phasesOf.set(image.id, phases);
    return phases;
  }

  #matrix(): Value {
    this.#taps ??= this.#writer.constant(tapMatrix(rowOfTap), [16, 9]);
    return this.#taps;
  }

  #reshaped(value: Value, shape: readonly number[]): Value {
    return this.#writer.add('Reshape', [value], { shape, attributes: { shape } });
  }
}

/** Even pixels look back by one, odd ones ahead. */
function windowOfPhase(phase: number): Attributes {
  const [row, column] = PHASES[phase]!;
  return {
    strides: 1,
    dilations: 1,
    pad: [
      [0, 0],
      [1 - row, row],
      [1 - column, column],
      [0, 0],
    ],
  };
}
