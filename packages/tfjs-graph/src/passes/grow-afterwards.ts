import { pruneGraph, type Attributes, type Graph, type GraphNode, type Value } from '../graph.js';
import { convolutionWindow } from '../operations/families/convolution.js';
import { sampledAxes } from '../operations/families/sampling.js';
import { wholeFactors } from '../operations/families/whole-factors.js';
import { countReads, GraphWriter } from './graph-edit.js';

/** Rows, or columns, of a 3-tap filter that meet the same pixel, for even and odd pixels of the grown image. */
const TAPS_THAT_MEET = [
  [[0], [1, 2]],
  [[0, 1], [2]],
] as const;

const PHASES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** Shape (4 phases · 2 · 2 taps, 3 · 3 taps): which taps of a filter are one tap of a phase's. */
function phaseMatrix(): Float32Array {
  const matrix = new Float32Array(16 * 9);
  PHASES.forEach(([row, column], phase) => {
    for (let tap = 0; tap < 4; tap++)
      for (const i of TAPS_THAT_MEET[row][tap >> 1]!)
        for (const j of TAPS_THAT_MEET[column][tap & 1]!) matrix[(phase * 4 + tap) * 9 + i * 3 + j] = 1;
  });
  return matrix;
}

/**
 * Convolves images before they are grown to twice their size instead of behind it. Of a 3×3 filter over repeated pixels
 * several taps meet the same pixel: four filters of 2×2 taps on the small image give the four pixels of each square, with 16
 * products instead of 36. The gradients follow by the same sums.
 *
 * @param divisor Only where channels before and behind divide by it.
 */
export function growAfterwards(graph: Graph, divisor: number): Graph {
  return new GrowAfterwards(graph, divisor).run();
}

class GrowAfterwards {
  readonly #graph: Graph;
  readonly #divisor: number;
  readonly #writer: GraphWriter;
  readonly #phaseFilters = new Map<number, readonly Value[]>();
  readonly #phasesOf = new Map<number, readonly Value[]>();
  #phaseMatrix: Value | undefined;

  constructor(graph: Graph, divisor: number) {
    this.#graph = graph;
    this.#divisor = divisor;
    this.#writer = new GraphWriter(graph);
  }

  run(): Graph {
    const reads = countReads(this.#graph);
    /** Small images by the grown one, and gradients of grown images that nothing else reads. */
    const small = new Map<number, Value>();
    const gradients = new Map<number, GraphNode>();
    for (const node of this.#graph.nodes) {
      const [first, second] = node.inputs;
      const image = small.get(first?.id ?? -1);
      const gradient = gradients.get(second?.id ?? -1);
      if (isDoubling(node, 'ResizeNearestNeighbor')) small.set(node.outputs[0]!.id, first!);
      if (node.operation === 'Conv2DBackpropInput' && reads(node.outputs[0]!) === 1)
        gradients.set(node.outputs[0]!.id, node);

      if (image && node.operation === 'Conv2D' && this.#fits(node, second!)) this.#convolve(node, image);
      else if (image && node.operation === 'Conv2DBackpropFilter' && this.#fits(node, node.outputs[0]!))
        this.#filterGradient(node, image);
      else if (isDoubling(node, 'ResizeNearestNeighborGrad') && gradient && this.#fits(gradient, gradient.inputs[1]!))
        this.#imageGradient(node, gradient);
      else this.#writer.nodes.push(node);
    }
    return pruneGraph(this.#writer.finish());
  }

  /** A 3×3 filter that keeps the size. */
  #fits(node: GraphNode, filter: Value): boolean {
    const image = node.operation === 'Conv2DBackpropInput' ? node.outputs[0]! : node.inputs[0]!;
    const keepsSize = convolutionWindow(node, image.shape, filter.shape).every(
      ({ kernel, stride, dilation, padBefore, padAfter }) =>
        kernel === 3 && stride === 1 && dilation === 1 && padBefore === 1 && padAfter === 1,
    );
    return keepsSize && filter.shape.slice(2).every((channels) => channels % this.#divisor === 0);
  }

  #convolve({ inputs, outputs }: GraphNode, image: Value): void {
    const [batch, height, width] = image.shape as [number, number, number, number];
    const shape = [batch, height, width, outputs[0]!.shape[3]!];
    const filters = this.#filtersOf(inputs[1]!);
    const phases = PHASES.map((_, i) =>
      this.#writer.add('Conv2D', [image, filters[i]!], { shape, attributes: windowOfPhase(i) }),
    );
    this.#writer.nodes.push({ operation: 'InterleavePixels', inputs: phases, attributes: {}, outputs });
  }

  #filterGradient({ inputs, outputs }: GraphNode, image: Value): void {
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

  #imageGradient({ outputs }: GraphNode, gradient: GraphNode): void {
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
    this.#phaseMatrix ??= this.#writer.constant(phaseMatrix(), [16, 9]);
    return this.#phaseMatrix;
  }

  #reshaped(value: Value, shape: readonly number[]): Value {
    return this.#writer.add('Reshape', [value], { shape, attributes: { shape } });
  }
}

function isDoubling({ operation, inputs, attributes }: GraphNode, kernel: string): boolean {
  if (operation !== kernel || inputs[0]!.dtype !== 'float32') return false;
  return wholeFactors(sampledAxes(attributes, inputs[0]!.shape), attributes)?.join() === '2,2';
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
