import { GraphError, pruneGraph, type Graph, type GraphNode, type Numbers, type Value } from '../graph.js';
import { axisOf } from '../operations/families/layout.js';
import { sampledAxes } from '../operations/families/sampling.js';
import { wholeFactors } from '../operations/families/whole-factors.js';
import { GraphWriter, countReads } from '../passes/graph-edit.js';
import { constantOf } from '../passes/constant-values.js';
import { convolutionsForEightBits, type ConvolutionRange } from './convolution-ranges.js';

/** How 8 bits stand for numbers: (bits − zero) · scale. */
interface Scale {
  readonly scale: number;
  readonly zero: number;
}

/**
 * Convolutions in 8 bits: their input is rounded to 256 steps between the least and the largest that was seen, the filter
 * of each output channel to 255 steps, and each channel of the output to 256 steps of its own. What lies between two
 * convolutions is in float32 but for the copies, the concatenations and the maxima right before a convolution, which are
 * the same in 8 bits.
 *
 * @throws {GraphError} `TRACE_INVALID` for ranges of another graph.
 */
export function useEightBits(graph: Graph, ranges: readonly ConvolutionRange[]): Graph {
  return new EightBits(graph, ranges).run();
}

class EightBits {
  readonly #graph: Graph;
  readonly #writer: GraphWriter;
  readonly #producers: ReadonlyMap<number, GraphNode>;
  readonly #reads: (value: Value) => number;
  readonly #ranges: ReadonlyMap<GraphNode, ConvolutionRange>;
  readonly #constantOf: (value: Value) => Numbers | undefined;

  constructor(graph: Graph, ranges: readonly ConvolutionRange[]) {
    const convolutions = convolutionsForEightBits(graph);
    const fits = ({ inputs, outputs }: GraphNode, range: ConvolutionRange | undefined) =>
      range?.inputMin.length === inputs[0]!.shape[3] && range?.outputMin.length === outputs[0]!.shape[3];
    if (convolutions.length !== ranges.length || !convolutions.every((node, i) => fits(node, ranges[i])))
      throw new GraphError(
        'TRACE_INVALID',
        `Cannot write convolutions in 8 bits: the ${ranges.length} ranges given are not those of the graph's ${convolutions.length} convolutions`,
      );
    this.#graph = graph;
    this.#writer = new GraphWriter(graph);
    this.#producers = new Map(graph.nodes.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)));
    this.#reads = countReads(graph);
    this.#ranges = new Map(convolutions.map((node, i) => [node, ranges[i]!]));
    this.#constantOf = constantOf(graph);
  }

  run(): Graph {
    for (const node of this.#graph.nodes) {
      const range = this.#ranges.get(node);
      if (range) this.#convolve(node, range);
      else this.#writer.nodes.push(node);
    }
    return pruneGraph(this.#writer.finish());
  }

  #convolve(node: GraphNode, range: ConvolutionRange): void {
    const [image, filter] = [node.inputs[0]!, node.inputs[1]!];
    const output = node.outputs[0]!;
    const from = inputScale(range);
    const { weights, filterScales, shifts, steps, zeros } = arithmetic({
      filter: this.#constantOf(filter)!,
      range,
      inputScale: from.scale,
    });
    const channels = [output.shape[3]!];
    const bits = this.#writer.add(
      'EightBitConvolution',
      [
        this.#quantised(image, from),
        this.#writer.constant(weights, filter.shape),
        this.#writer.constant(filterScales, channels),
        this.#writer.constant(shifts, channels),
      ],
      { shape: output.shape, attributes: { ...node.attributes, ...from }, dtype: 'uint8' },
    );
    const { shape } = output;
    const numbers = this.#writer.add('EightBitsAsNumbers', [bits], { shape });
    const scaled = this.#writer.add('Multiply', [numbers, this.#writer.constant(steps, channels)], { shape });
    this.#writer.nodes.push({
      operation: 'Add',
      inputs: [scaled, this.#writer.constant(zeros, channels)],
      attributes: {},
      outputs: [output],
    });
  }

  /** An image in 8 bits. What only moves numbers or takes the largest does the same to 8 bits, and moves a quarter. */
  #quantised(value: Value, scale: Scale): Value {
    const producer = this.#producers.get(value.id);
    const operation = producer && this.#reads(value) === 1 ? inEightBits(producer) : undefined;
    if (!producer || !operation)
      return this.#writer.add('QuantiseEightBits', [value], {
        shape: value.shape,
        attributes: { ...scale },
        dtype: 'uint8',
      });
    const inputs = producer.inputs.map((input) => this.#quantised(input, scale));
    return this.#writer.add(operation, inputs, {
      shape: value.shape,
      attributes: producer.attributes,
      dtype: 'uint8',
    });
  }
}

/** What does to 8 bits what the node does to numbers. */
function inEightBits({ operation, inputs, attributes }: GraphNode): string | undefined {
  if (inputs.some(({ shape }) => shape.length !== 4)) return undefined;
  if (operation === 'Concat' && axisOf(attributes, 4) === 3) return 'Concat';
  if (operation === 'MaxPool') return 'EightBitMaxPool';
  const grows =
    operation === 'ResizeNearestNeighbor' && wholeFactors(sampledAxes(attributes, inputs[0]!.shape), attributes);
  return grows ? 'EightBitGrowth' : undefined;
}

/** 0 is one of the steps: borders are padded with it. */
function inputScale({ inputMin, inputMax }: ConvolutionRange): Scale {
  const [low, high] = [inputMin.reduce((a, b) => Math.min(a, b), 0), inputMax.reduce((a, b) => Math.max(a, b), 0)];
  const scale = Math.fround((high - low) / 255) || 1;
  return { scale, zero: Math.round(-low / scale) };
}

interface Arithmetic {
  /** −127 to 127, in the filter's own order. */
  readonly weights: Float32Array;
  /** Of one step of the weights in steps of the output, one a channel. */
  readonly filterScales: Float32Array;
  /** Added to the integer sums, so that the least output is at step 0. */
  readonly shifts: Int32Array;
  /** The output is bits · step + zero. */
  readonly steps: Float32Array;
  readonly zeros: Float32Array;
}

function arithmetic({
  filter,
  range: { outputMin, outputMax },
  inputScale: unit,
}: {
  filter: Numbers;
  range: ConvolutionRange;
  inputScale: number;
}): Arithmetic {
  const channels = outputMin.length;
  const largest = new Float32Array(channels);
  filter.forEach((weight, i) => (largest[i % channels] = Math.max(largest[i % channels]!, Math.abs(weight))));
  const weightSteps = largest.map((value) => value / 127 || 1);
  const steps = Float32Array.from(outputMin, (low, c) => (outputMax[c]! - low) / 255 || 1);
  const filterScales = weightSteps.map((step, c) => step / steps[c]!);
  const shifts = Int32Array.from(filterScales, (scale, c) => Math.round(-outputMin[c]! / steps[c]! / (unit * scale)));
  return {
    weights: Float32Array.from(filter, (weight, i) => Math.round(weight / weightSteps[i % channels]!)),
    filterScales,
    shifts,
    steps,
    zeros: steps.map((step, c) => -shifts[c]! * unit * filterScales[c]! * step),
  };
}
