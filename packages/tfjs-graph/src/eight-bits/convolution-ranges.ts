import { pruneGraph, type Graph, type GraphNode, type Numbers, type Value } from '../graph.js';
import { GraphWriter } from '../passes/graph-edit.js';
import { removeIdentities } from '../passes/remove-identities.js';
import { constantOf } from '../passes/constant-values.js';

/** What went into a convolution and what came out of it, channel by channel, over all images that were looked at. */
export interface ConvolutionRange {
  readonly inputMin: readonly number[];
  readonly inputMax: readonly number[];
  readonly outputMin: readonly number[];
  readonly outputMax: readonly number[];
}

const PARTS = ['inputMin', 'inputMax', 'outputMin', 'outputMax'] as const;

/** Fewer channels are a network's last word: 8 bits would round the scores from which classes are chosen. */
const CHANNELS_MIN = 8;

/** The convolutions that can be written in 8 bits, in the order of the graph: those with constant filters and many channels. */
export function convolutionsForEightBits(graph: Graph): GraphNode[] {
  const valueOf = constantOf(graph);
  return graph.nodes.filter(
    ({ operation, inputs, outputs }) =>
      operation === 'Conv2D' && outputs[0]!.shape[3]! >= CHANNELS_MIN && valueOf(inputs[1]!) !== undefined,
  );
}

/** A graph that finds the ranges of one batch: run it on images like those to come, and read its results by `readRanges`. */
export function rangeGraph(traced: Graph): Graph {
  const graph = removeIdentities(traced);
  const writer = new GraphWriter(graph);
  writer.nodes.push(...graph.nodes);
  const extreme = (image: Value, operation: 'Max' | 'Min'): Value =>
    writer.add(operation, [image], {
      shape: [image.shape[3]!],
      attributes: { [operation === 'Max' ? 'reductionIndices' : 'axis']: [0, 1, 2], keepDims: false },
    });
  const outputs = convolutionsForEightBits(graph).flatMap(({ inputs: [input], outputs: [output] }, i) =>
    PARTS.map((part) => ({
      name: `${part}-${i}`,
      value: extreme(part.startsWith('input') ? input! : output!, part.endsWith('Max') ? 'Max' : 'Min'),
    })),
  );
  return pruneGraph({ ...writer.finish(), outputs });
}

/** Ranges from the results of a range graph, widened by those of batches before. */
export function readRanges(
  results: Readonly<Record<string, Numbers>>,
  before?: readonly ConvolutionRange[],
): ConvolutionRange[] {
  return Array.from({ length: Object.keys(results).length / PARTS.length }, (_, i) => {
    const part = (name: (typeof PARTS)[number]): number[] => {
      const wider = name.endsWith('Max') ? Math.max : Math.min;
      const known = before?.[i]?.[name];
      return Array.from(results[`${name}-${i}`]!, (value, channel) => (known ? wider(value, known[channel]!) : value));
    };
    return {
      inputMin: part('inputMin'),
      inputMax: part('inputMax'),
      outputMin: part('outputMin'),
      outputMax: part('outputMax'),
    };
  });
}
