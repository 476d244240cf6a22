import type { DataType, GraphConstant, Numbers, Value } from '../graph.js';
import type { TensorFlowAttribute, TensorFlowAttributes, TensorFlowBuilder } from '../operation.js';
import { typed } from '../operations/families/typed.js';
import { TENSORFLOW_TYPES } from './element-types.js';

interface NodeMessage {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, object>>;
}

export const shapeMessage = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size })) });

/** Collects the nodes of a TensorFlow graph while a graph is written. */
export class TensorFlowNodes implements TensorFlowBuilder {
  readonly nodes: NodeMessage[] = [];
  readonly #names = new Map<number, string>();
  readonly #constants = new Map<number, GraphConstant>();
  /** Emitted nodes by what they say: the same words with the same inputs are one node. */
  readonly #emitted = new Map<string, string>();
  readonly #small = new Map<string, string>();
  #lastId = 0;

  constructor(constants: readonly GraphConstant[]) {
    for (const constant of constants) this.#constants.set(constant.value.id, constant);
  }

  /** The name of the tensor that holds a value. */
  read(value: Value): string {
    const known = this.#names.get(value.id);
    if (known !== undefined) return known;
    const constant = this.#constants.get(value.id);
    if (!constant) throw new Error(`Bug: value ${value.id} is read before it is written`);
    const name = this.#constant(constant.data, value);
    this.write(value, name);
    return name;
  }

  /** Declares that the tensor `name` holds a value. */
  write(value: Value, name: string): void {
    this.#names.set(value.id, name);
  }

  emit(type: string, inputs: readonly string[], attributes: TensorFlowAttributes = {}): string {
    return this.emitMany(type, inputs, { attributes, outputCount: 1 })[0]!;
  }

  emitMany(
    type: string,
    inputs: readonly string[],
    { attributes = {}, outputCount }: { attributes?: TensorFlowAttributes; outputCount: number },
  ): string[] {
    const words = JSON.stringify([type, inputs, attributes]);
    let name = this.#emitted.get(words);
    if (name === undefined) {
      name = this.#fresh(type);
      this.#emitted.set(words, name);
      this.add({ name, op: type, input: inputs, attr: attributeMessages(attributes) });
    }
    const node = name;
    return Array.from({ length: outputCount }, (_, i) => (i === 0 ? node : `${node}:${i}`));
  }

  /** Adds a node under a name of its own, whatever else says the same. */
  add(node: NodeMessage): void {
    this.nodes.push(node);
  }

  /** Gives a result its public name, once other nodes have run. */
  publish(
    name: string,
    { value, source, after }: { value: Pick<Value, 'dtype'>; source: string; after: readonly string[] },
  ): void {
    this.add({
      name,
      op: 'Identity',
      input: [source, ...after.map((node) => `^${node}`)],
      attr: attributeMessages(typed(value)),
    });
  }

  constant(data: Numbers, shape: readonly number[]): string {
    const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';
    return this.#constant(data, { shape, dtype });
  }

  integers(values: readonly number[]): string {
    return this.constant(Int32Array.from(values), [values.length]);
  }

  scalar(value: number, dtype: DataType = 'float32'): string {
    const data =
      dtype === 'float32' ? Float32Array.of(value) : dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
    return this.#constant(data, { shape: [], dtype });
  }

  #constant(data: Numbers, { shape, dtype }: Pick<Value, 'shape' | 'dtype'>): string {
    const tensorContent = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const words = tensorContent.length <= 256 ? `${dtype}:${shape.join('x')}:${tensorContent.join()}` : undefined;
    const known = words === undefined ? undefined : this.#small.get(words);
    if (known !== undefined) return known;
    const name = this.#fresh('Const');
    const type = TENSORFLOW_TYPES[dtype];
    const tensor = { dtype: type, tensorShape: shapeMessage(shape), tensorContent };
    this.add({ name, op: 'Const', input: [], attr: { dtype: { type }, value: { tensor } } });
    if (words !== undefined) this.#small.set(words, name);
    return name;
  }

  #fresh(type: string): string {
    this.#lastId++;
    return `${type}_${this.#lastId}`;
  }
}

const attributeMessages = (attributes: TensorFlowAttributes): Record<string, object> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeMessage(value)]));

function attributeMessage(value: TensorFlowAttribute): object {
  if (typeof value === 'number') return { i: value };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'string') return { s: new TextEncoder().encode(value) };
  if ('float' in value) return { f: value.float };
  return 'type' in value ? { type: TENSORFLOW_TYPES[value.type] } : { list: { i: [...value] } };
}
