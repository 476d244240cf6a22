import { pruneGraph, type Graph, type GraphNode, type Value } from '../graph.js';
import { convolutionWindow } from '../operations/families/convolution.js';
import { sampledAxes } from '../operations/families/sampling.js';
import { wholeFactors } from '../operations/families/whole-factors.js';
import { countReads, GraphWriter } from './graph-edit.js';
import { GrowByPhases } from './grow-by-phases.js';
import { GrowBySquares } from './grow-by-squares.js';
import type { GrownForm } from './grown-form.js';

const FORMS = { phases: GrowByPhases, squares: GrowBySquares };

export interface GrowOptions {
  /** Only where channels before and behind divide by it. */
  readonly divisor: number;
  readonly form: keyof typeof FORMS;
}

/** Convolves images before they are grown to twice their size instead of behind it, gradients included: see `GrownForm`. */
export function growAfterwards(graph: Graph, { divisor, form }: GrowOptions): Graph {
  const writer = new GraphWriter(graph);
  const grown = new FORMS[form](writer);
  rewrite(graph, { divisor, writer, grown });
  return pruneGraph(writer.finish());
}

interface Rewrite {
  readonly divisor: number;
  readonly writer: GraphWriter;
  readonly grown: GrownForm;
}

function rewrite(graph: Graph, { divisor, writer, grown }: Rewrite): void {
  const reads = countReads(graph);
  /** Small images by the grown one, and gradients of grown images that nothing else reads. */
  const small = new Map<number, Value>();
  const gradients = new Map<number, GraphNode>();
  for (const node of graph.nodes) {
    const [first, second] = node.inputs;
    const image = small.get(first?.id ?? -1);
    const gradient = gradients.get(second?.id ?? -1);
    if (isDoubling(node, 'ResizeNearestNeighbor')) small.set(node.outputs[0]!.id, first!);
    if (node.operation === 'Conv2DBackpropInput' && reads(node.outputs[0]!) === 1)
      gradients.set(node.outputs[0]!.id, node);

    if (image && node.operation === 'Conv2D' && fits(node, second!, divisor)) grown.convolve(node, image);
    else if (image && node.operation === 'Conv2DBackpropFilter' && fits(node, node.outputs[0]!, divisor))
      grown.filterGradient(node, image);
    else if (isDoubling(node, 'ResizeNearestNeighborGrad') && gradient && fits(gradient, gradient.inputs[1]!, divisor))
      grown.imageGradient(node, gradient);
    else writer.nodes.push(node);
  }
}

/** A 3×3 filter that keeps the size. */
function fits(node: GraphNode, filter: Value, divisor: number): boolean {
  const image = node.operation === 'Conv2DBackpropInput' ? node.outputs[0]! : node.inputs[0]!;
  const keepsSize = convolutionWindow(node, image.shape, filter.shape).every(
    ({ kernel, stride, dilation, padBefore, padAfter }) =>
      kernel === 3 && stride === 1 && dilation === 1 && padBefore === 1 && padAfter === 1,
  );
  return keepsSize && filter.shape.slice(2).every((channels) => channels % divisor === 0);
}

/** Which values are images grown to twice their size, or gradients of such. */
export function grownImages({ nodes }: Graph): (value: Value) => boolean {
  const ids = new Set(
    nodes.flatMap((node) => {
      if (isDoubling(node, 'ResizeNearestNeighbor')) return [node.outputs[0]!.id];
      return isDoubling(node, 'ResizeNearestNeighborGrad') ? [node.inputs[1]!.id] : [];
    }),
  );
  return ({ id }) => ids.has(id);
}

function isDoubling({ operation, inputs, attributes }: GraphNode, kernel: string): boolean {
  if (operation !== kernel || inputs[0]!.dtype !== 'float32') return false;
  return wholeFactors(sampledAxes(attributes, inputs[0]!.shape), attributes)?.join() === '2,2';
}
