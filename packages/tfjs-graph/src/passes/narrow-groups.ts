import { sizeOf, type Graph, type GraphNode, type Numbers, type Value } from '../graph.js';
import { findAlike } from './alike-nodes.js';
import { isOverPixels } from './channel-dot.js';
import { constantOf } from './constant-values.js';
import { isJoinOfChannels } from './distribute-concat.js';

/** Nodes that are alike, of which one is to be made. */
export type Group = readonly GraphNode[];

/** What one node of a group makes. */
export interface Part {
  readonly group: Group;
  readonly index: number;
}

/** What does the same to each channel, whatever stands beside it. */
const CHANNEL_BY_CHANNEL = new Set([
  'Add',
  'MaxPool',
  'Multiply',
  'RealDiv',
  'Relu',
  'ResizeNearestNeighbor',
  'Rsqrt',
  'Sqrt',
  'Square',
  'Sub',
]);

const channelsOf = ({ shape }: Value): number | undefined => shape.at(-1);
const isFloat = ({ dtype }: Value): boolean => dtype === 'float32';

/** True where one value is all of them. */
export const areSame = ([first, ...rest]: readonly Value[]): boolean => rest.every(({ id }) => id === first!.id);

/** True for an input with as many channels as the node's output; any other is repeated along them. */
export const isOfEachChannel = (input: Value, { outputs }: GraphNode): boolean =>
  channelsOf(input) === channelsOf(outputs[0]!);

/** Which nodes of a graph `joinNarrowConvolutions` makes one of. */
export class NarrowGroups {
  readonly #block: number;
  readonly #producers: ReadonlyMap<number, GraphNode>;
  readonly #constantOf: (value: Value) => Numbers | undefined;
  readonly #parts = new Map<number, Part>();

  constructor(graph: Graph, block: number) {
    this.#block = block;
    this.#producers = new Map(graph.nodes.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)));
    this.#constantOf = constantOf(graph);
    for (const nodes of findAlike(graph)) this.#group(nodes);
  }

  get isEmpty(): boolean {
    return this.#parts.size === 0;
  }

  producerOf(value: Value): GraphNode | undefined {
    return this.#producers.get(value.id);
  }

  /** The group that makes a value, and which of its nodes does. */
  partOf(value: Value): Part | undefined {
    return this.#parts.get(value.id);
  }

  /** The group whose outputs are these values, all of them and in order. */
  groupOf(values: readonly Value[]): Group | undefined {
    const group = this.partOf(values[0]!)?.group;
    const isWhole = group?.length === values.length && values.every(({ id }, i) => group[i]!.outputs[0]!.id === id);
    return isWhole ? group : undefined;
  }

  /** The filters of a group's convolutions, (height, width, channels, channels of an output). */
  filtersOf(group: Group): Numbers[] {
    return group.flatMap(({ inputs }) => this.#constantOf(inputs[1]!) ?? []);
  }

  /** What the convolutions of a group read: joined channels taken apart, part by part those of all nodes. */
  imagesOf(group: Group): (readonly Value[])[] {
    const images = group.map(({ inputs: [image] }) => {
      const producer = this.producerOf(image!);
      return producer && isJoinOfChannels(producer) ? producer.inputs : [image!];
    });
    return images[0]!.map((_, part) => images.map((parts) => parts[part]!));
  }

  #group(nodes: readonly GraphNode[]): void {
    const { inputs, outputs } = nodes[0]!;
    if (![...inputs, ...outputs].every(isFloat)) return;
    const begins = this.#isNarrow(nodes[0]!);
    const joined = inputs.find((value) => this.partOf(value));
    const size = begins ? this.#block / channelsOf(outputs[0]!)! : joined && this.partOf(joined)!.group.length;
    if (size === undefined) return;
    for (let i = 0; i + size <= nodes.length; i += size) {
      const group = nodes.slice(i, i + size);
      if (begins ? this.#fits(group) : this.#follows(group))
        group.forEach((node, index) => this.#parts.set(node.outputs[0]!.id, { group, index }));
    }
  }

  /** A convolution with which joining begins: several fill a block, and there is more to save than the copies cost. */
  #isNarrow({ operation, inputs: [, filter], outputs: [image] }: GraphNode): boolean {
    if (operation !== 'Conv2D') return false;
    const channels = channelsOf(image!)!;
    return channels < this.#block && this.#block % channels === 0 && sizeOf(filter!.shape.slice(0, 2)) > 1;
  }

  /** Images that are joined must fill blocks, or be fewer channels than one. */
  #fits(group: Group): boolean {
    const fit = this.imagesOf(group).every((images) => {
      const channels = channelsOf(images[0]!)! * (areSame(images) ? 1 : images.length);
      return channels < this.#block || channels % this.#block === 0;
    });
    return fit && this.#hasFilters(group);
  }

  /** Filters that are learnt would have to be joined at every step. */
  #hasFilters(group: Group): boolean {
    return this.filtersOf(group).length === group.length;
  }

  #follows(group: Group): boolean {
    const { operation, inputs, outputs } = group[0]!;
    const columns = inputs.map((_, i) => group.map((node) => node.inputs[i]!));
    if (operation === 'Conv2D') {
      const fits = channelsOf(outputs[0]!)! * group.length <= this.#block && this.#hasFilters(group);
      return fits && this.groupOf(columns[0]!) !== undefined;
    }
    if (!CHANNEL_BY_CHANNEL.has(operation) && !isOverPixels(group[0]!)) return false;
    return (
      columns.some((values) => this.groupOf(values) !== undefined) &&
      columns.every((values) => isOfEachChannel(values[0]!, group[0]!) || areSame(values))
    );
  }
}
