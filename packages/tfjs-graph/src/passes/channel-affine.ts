import type { Graph, GraphNode, Value } from '../graph.js';
import { broadcastShape } from '../operations/families/elementwise.js';
import { countReads, GraphWriter } from './graph-edit.js';

/** One image with a factor for each of its channels. */
interface Term {
  readonly image: Value;
  readonly scale?: Value;
}

/** What a chain of sums and products with one number a channel comes to: Σ image · scale + shift. */
interface Affine {
  readonly terms: readonly Term[];
  readonly shift?: Value;
}

/** A chain that nothing has needed yet, and the node that would be its last. */
interface Pending {
  readonly affine: Affine;
  readonly node: GraphNode;
}

/** Two images can be read in one go. */
const TERMS_MAX = 2;

const isImage = ({ shape, dtype }: Value): boolean =>
  dtype === 'float32' && shape.length === 4 && shape[1]! * shape[2]! > 1;

/** One number a channel, or a channel and an image. */
function isPerChannel({ shape, dtype }: Value, image: Value): boolean {
  const [batch, channels] = [image.shape[0]!, image.shape[3]!];
  if (dtype !== 'float32') return false;
  if (shape.length === 1) return shape[0] === channels;
  const [n, height, width, c] = shape;
  return shape.length === 4 && (n === 1 || n === batch) && height === 1 && width === 1 && c === channels;
}

/**
 * Writes chains of additions, subtractions and products of images with one number a channel as one `ChannelAffine`, with
 * the ReLU behind it: what normalisation and its gradient come to is then read and written once.
 *
 * Inputs of `ChannelAffine`: image, scale, and again, then shift; `absentInputs` names those left out. Its value is
 * Σ image · scale + shift, of which the positive part where `relu` is set.
 */
export function fuseChannelAffine(graph: Graph): Graph {
  return new ChannelAffineFusion(graph).run();
}

class ChannelAffineFusion {
  readonly #graph: Graph;
  readonly #writer: GraphWriter;
  readonly #reads: (value: Value) => number;
  readonly #pending = new Map<number, Pending>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#writer = new GraphWriter(graph);
    this.#reads = countReads(graph);
  }

  run(): Graph {
    for (const node of this.#graph.nodes) this.#visit(node);
    for (const { value } of this.#graph.outputs) this.#settle(value);
    return this.#writer.finish();
  }

  #visit(node: GraphNode): void {
    const output = node.outputs[0]!;
    const affine = this.#affineOf(node);
    if (affine) {
      for (const input of node.inputs) this.#pending.delete(input.id);
      this.#pending.set(output.id, { affine, node });
      if (this.#reads(output) !== 1) this.#settle(output);
    } else if (node.operation === 'Relu' && this.#pending.has(node.inputs[0]!.id)) this.#settle(node.inputs[0]!, node);
    else {
      for (const input of node.inputs) this.#settle(input);
      this.#writer.nodes.push(node);
    }
  }

  #affineOf({ operation, inputs, outputs }: GraphNode): Affine | undefined {
    const [a, b] = inputs;
    const image = outputs[0]!;
    if (!b || !isImage(image)) return undefined;
    const whole = inputs.map((value) => value.shape.join() === image.shape.join());
    const fits = inputs.every((value, i) => whole[i] || isPerChannel(value, image));
    if (!fits || !(whole[0] || whole[1])) return undefined;
    const [left, right] = [this.#read(a!, whole[0]!), this.#read(b, whole[1]!)];
    if (operation === 'Multiply' && whole[0] !== whole[1])
      return whole[0] ? this.#scaled(left, b) : this.#scaled(right, a!);
    if (operation !== 'Add' && operation !== 'Sub') return undefined;
    if (left.terms.length + right.terms.length > TERMS_MAX) return undefined;
    return this.#sum(left, operation === 'Add' ? right : this.#negative(right));
  }

  #read(value: Value, whole: boolean): Affine {
    if (!whole) return { terms: [], shift: value };
    return this.#pending.get(value.id)?.affine ?? { terms: [{ image: value }] };
  }

  #scaled({ terms, shift }: Affine, factor: Value): Affine {
    return {
      terms: terms.map(({ image, scale }) => ({
        image,
        scale: scale ? this.#combine('Multiply', scale, factor) : factor,
      })),
      ...(shift && { shift: this.#combine('Multiply', shift, factor) }),
    };
  }

  #negative({ terms, shift }: Affine): Affine {
    const negative = (value: Value) => this.#writer.add('Neg', [value], { shape: value.shape });
    return {
      terms: terms.map(({ image, scale }) => ({ image, scale: scale ? negative(scale) : this.#minusOne(image) })),
      ...(shift && { shift: negative(shift) }),
    };
  }

  #sum(left: Affine, right: Affine): Affine {
    const shift =
      left.shift && right.shift ? this.#combine('Add', left.shift, right.shift) : (left.shift ?? right.shift);
    return { terms: [...left.terms, ...right.terms], ...(shift && { shift }) };
  }

  #combine(operation: 'Add' | 'Multiply', a: Value, b: Value): Value {
    return this.#writer.add(operation, [a, b], { shape: broadcastShape(a.shape, b.shape) });
  }

  #minusOne({ shape }: Value): Value {
    const ones = [shape[3]!];
    return this.#writer.add('Fill', [], { shape: ones, attributes: { shape: ones, value: -1, dtype: 'float32' } });
  }

  /** Writes a pending chain, as the value it stands for or with the ReLU that reads it. */
  #settle(value: Value, relu?: GraphNode): void {
    const pending = this.#pending.get(value.id);
    if (!pending) return;
    this.#pending.delete(value.id);
    const { affine, node } = pending;
    // Two images merely added are an addition.
    if (!affine.shift && node.inputs.every((input) => affine.terms.some(({ image }) => image.id === input.id)))
      this.#writer.nodes.push(node, ...(relu ? [relu] : []));
    else
      this.#writer.nodes.push(channelAffine(affine, { output: (relu ?? node).outputs[0]!, relu: relu !== undefined }));
  }
}

/** Names of the inputs, in order. */
export const CHANNEL_AFFINE_INPUTS = ['image', 'scale', 'otherImage', 'otherScale', 'shift'] as const;

function channelAffine(
  { terms: [first, second], shift }: Affine,
  { output, relu }: { output: Value; relu: boolean },
): GraphNode {
  const inputs = [first?.image, first?.scale, second?.image, second?.scale, shift];
  return {
    operation: 'ChannelAffine',
    inputs: inputs.filter((value) => value !== undefined),
    attributes: { relu, absentInputs: CHANNEL_AFFINE_INPUTS.filter((_, i) => !inputs[i]) },
    outputs: [output],
  };
}
