import { pruneGraph, type Graph, type Value } from '../graph.js';
import { GraphWriter } from './graph-edit.js';
import { joinFilters } from './join-filters.js';
import { areSame, isOfEachChannel, NarrowGroups, type Group, type Part } from './narrow-groups.js';

/**
 * Joins convolutions that are alike and too narrow to fill a block of channels, as the members of an ensemble have them,
 * so that several fill one: of one image by filters side by side, of several images by joining these, with filters that
 * are zero from one to another. What follows channel by channel stays joined, and so do convolutions to fewer channels
 * yet; whatever else reads them gets its channels cut out.
 *
 * Where one of several images has NaN or infinity, the zeros make NaN of it for the others too.
 *
 * @param block Channels of a block. Filters must be constant: while they are learnt, they would be joined at every step.
 */
export function joinNarrowConvolutions(graph: Graph, block: number): Graph {
  const groups = new NarrowGroups(graph, block);
  return groups.isEmpty ? graph : new Joining(graph, groups).run();
}

/** Writes nodes as they are asked for: what a group reads may stand behind the first of its nodes. */
class Joining {
  readonly #graph: Graph;
  readonly #groups: NarrowGroups;
  readonly #writer: GraphWriter;
  readonly #written = new Set<number>();
  readonly #joined = new Map<string, Value>();

  constructor(graph: Graph, groups: NarrowGroups) {
    this.#graph = graph;
    this.#groups = groups;
    this.#writer = new GraphWriter(graph);
  }

  run(): Graph {
    for (const { value } of this.#graph.outputs) this.#read(value);
    return pruneGraph(this.#writer.finish());
  }

  /** Writes what makes a value, if that has not been done. */
  #read(value: Value): Value {
    if (this.#written.has(value.id)) return value;
    this.#written.add(value.id);
    const part = this.#groups.partOf(value);
    const node = this.#groups.producerOf(value);
    if (part) this.#cut(part);
    else if (node) {
      for (const { id } of node.outputs) this.#written.add(id);
      node.inputs.forEach((input) => this.#read(input));
      this.#writer.nodes.push(node);
    }
    return value;
  }

  /** The channels of one node of a group. */
  #cut({ group, index }: Part): void {
    const { outputs } = group[index]!;
    const { shape } = outputs[0]!;
    const begin = [...shape.slice(0, -1).fill(0), index * shape.at(-1)!];
    const whole = this.#join(outputsOf(group));
    this.#writer.nodes.push({ operation: 'Slice', inputs: [whole], attributes: { begin, size: shape }, outputs });
  }

  /** Values that are alike, one behind the other on their last axis. */
  #join(values: readonly Value[]): Value {
    const words = values.map(({ id }) => id).join();
    const joined = this.#joined.get(words) ?? this.#joinAnew(values);
    this.#joined.set(words, joined);
    return joined;
  }

  #joinAnew(values: readonly Value[]): Value {
    const group = this.#groups.groupOf(values);
    if (group) return group[0]!.operation === 'Conv2D' ? this.#convolve(group) : this.#follow(group);
    const producers = values.flatMap((value) => this.#groups.producerOf(value) ?? []);
    const isGrown = producers.length > 0 && producers.every(({ operation }) => operation === 'ResizeNearestNeighbor');
    if (!isGrown) {
      const read = values.map((value) => this.#read(value));
      return this.#writer.add('Concat', read, { shape: shapeOfAll(values), attributes: { axis: -1 } });
    }
    // What grows is joined while it is small.
    const small = this.#join(producers.map(({ inputs }) => inputs[0]!));
    const { attributes } = producers[0]!;
    return this.#writer.add('ResizeNearestNeighbor', [small], { shape: shapeOfAll(values), attributes });
  }

  #follow(group: Group): Value {
    const { operation, inputs, attributes } = group[0]!;
    const columns = inputs.map((_, i) => group.map((node) => node.inputs[i]!));
    const joined = columns.map((values) =>
      isOfEachChannel(values[0]!, group[0]!) ? this.#join(values) : this.#read(values[0]!),
    );
    return this.#writer.add(operation, joined, { shape: shapeOfAll(outputsOf(group)), attributes });
  }

  /** The sum over what the images consist of. */
  #convolve(group: Group): Value {
    const shape = shapeOfAll(outputsOf(group));
    const { attributes, inputs } = group[0]!;
    let first = 0;
    const sums = this.#groups.imagesOf(group).map((images) => {
      const channels = images[0]!.shape[3]!;
      const part = { shape: inputs[1]!.shape, first, channels, isOfOne: areSame(images) };
      first += channels;
      const image = part.isOfOne ? this.#read(images[0]!) : this.#join(images);
      const filter = joinFilters(this.#groups.filtersOf(group), part);
      const [height, width] = part.shape as [number, number];
      const joined = this.#writer.constant(filter, [height, width, image.shape[3]!, shape[3]!]);
      return this.#writer.add('Conv2D', [image, joined], { shape, attributes });
    });
    return sums.reduce((a, b) => this.#writer.add('Add', [a, b], { shape }));
  }
}

const outputsOf = (group: Group): Value[] => group.map(({ outputs }) => outputs[0]!);

const shapeOfAll = ([first, ...rest]: readonly Value[]): number[] => [
  ...first!.shape.slice(0, -1),
  first!.shape.at(-1)! * (rest.length + 1),
];
