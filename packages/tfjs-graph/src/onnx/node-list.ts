import type { DataType, GraphConstant, Numbers, Value } from '../graph.js';
import type { Layout, OnnxAttribute, OnnxBuilder } from '../operation.js';
import { ELEMENT_TYPES } from './element-types.js';

interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

interface EmittedNode {
  readonly opType: string;
  readonly domain?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly object[];
}

/** Operators of onnxruntime that work on blocked images. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** In the order in which another layout is best made from them. */
const LAYOUTS: readonly Layout[] = ['channels-first', 'blocked', 'logical'];

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_LOGICAL = [0, 2, 3, 1];

/** Collects ONNX nodes and initialisers while a graph is written, and turns layouts on demand. */
export class NodeList implements OnnxBuilder {
  readonly nodes: EmittedNode[] = [];
  readonly initialisers: Tensor[] = [];
  readonly #names = new Map<number, Map<Layout, string>>();
  readonly #constants = new Map<number, GraphConstant>();
  /** Emitted nodes by what they say: the same words with the same inputs are one node. */
  readonly #emitted = new Map<string, readonly string[]>();
  /** What was reshaped, by the name of the result. */
  readonly #reshaped = new Map<string, string>();
  #lastId = 0;

  constructor(constants: readonly GraphConstant[]) {
    for (const constant of constants) this.#constants.set(constant.value.id, constant);
  }

  declareInput(value: Value, name: string): void {
    this.write(value, name);
  }

  write(value: Value, name: string, layout: Layout = 'logical'): void {
    const names = this.#names.get(value.id) ?? new Map<Layout, string>();
    names.set(layout, name);
    this.#names.set(value.id, names);
  }

  stands(value: Value, layout: Layout): boolean {
    return (layout === 'logical' || value.shape.length === 4) && this.#names.get(value.id)?.has(layout) === true;
  }

  isFree(value: Value, layout: Layout): boolean {
    return this.#constants.has(value.id) || this.stands(value, layout);
  }

  read(value: Value, layout: Layout = 'logical'): string {
    const known = this.#names.get(value.id)?.get(layout);
    if (known !== undefined) return known;
    const constant = this.#constants.get(value.id);
    if (constant && layout === 'logical') {
      const name = this.#initialiser(constant.data, { dims: value.shape, dataType: ELEMENT_TYPES[value.dtype] });
      this.write(value, name);
      return name;
    }
    const name = this.#turned(value, layout);
    this.write(value, name, layout);
    return name;
  }

  #turned(value: Value, to: Layout): string {
    const standing = LAYOUTS.find((layout) => layout !== to && this.stands(value, layout));
    if (standing === undefined && !this.#constants.has(value.id))
      throw new Error(`Bug: value ${value.id} is read before anything writes it`);
    const from = standing ?? 'logical';
    const source = this.read(value, from);
    const [batch, height, width, channels] = value.shape as [number, number, number, number];
    const onePixel = height * width === 1;
    // One pixel, or one channel outside blocks: both orders are the same bytes.
    if (onePixel || (channels === 1 && to !== 'blocked' && from !== 'blocked')) {
      const shape = to === 'logical' ? [batch, height, width, channels] : [batch, channels, height, width];
      return this.reshape(source, shape);
    }
    const channelsLast = { channels_last: [from, to].includes('logical') ? 1 : 0 };
    if (to === 'blocked') return this.emit(`${BLOCKED_DOMAIN}.ReorderInput`, [source], channelsLast);
    if (from === 'blocked')
      return this.emit(`${BLOCKED_DOMAIN}.ReorderOutput`, [source], { channels, ...channelsLast });
    return this.emit('Transpose', [source], { perm: to === 'channels-first' ? TO_CHANNELS_FIRST : TO_LOGICAL });
  }

  emit(type: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    return this.emitMany(type, inputs, { attributes, outputCount: 1 })[0]!;
  }

  reshape(name: string, shape: readonly number[]): string {
    const source = this.#reshaped.get(name) ?? name;
    const reshaped = this.emit('Reshape', [source, this.integers(shape)]);
    this.#reshaped.set(reshaped, source);
    return reshaped;
  }

  emitMany(
    type: string,
    inputs: readonly string[],
    { attributes = {}, outputCount }: { attributes?: Readonly<Record<string, OnnxAttribute>>; outputCount: number },
  ): string[] {
    const words = JSON.stringify([type, inputs, attributes, outputCount]);
    const known = this.#emitted.get(words);
    if (known) return [...known];
    const outputs = Array.from({ length: outputCount }, () => this.#fresh(type.slice(type.lastIndexOf('.') + 1)));
    const dot = type.lastIndexOf('.');
    this.nodes.push({
      opType: type.slice(dot + 1),
      ...(dot > 0 && { domain: type.slice(0, dot) }),
      input: inputs,
      output: outputs,
      attribute: Object.entries(attributes).map(toAttribute),
    });
    this.#emitted.set(words, outputs);
    return outputs;
  }

  /** Gives a result its public name. */
  publish(name: string, source: string): void {
    this.nodes.push({ opType: 'Identity', input: [source], output: [name], attribute: [] });
  }

  constant(data: Numbers | BigInt64Array, shape: readonly number[]): string {
    return this.#initialiser(data, { dims: shape, dataType: elementTypeOf(data) });
  }

  integers(values: readonly number[]): string {
    return this.constant(
      BigInt64Array.from(values, (value) => BigInt(value)),
      [values.length],
    );
  }

  scalar(value: number, dtype: DataType = 'float32'): string {
    const data =
      dtype === 'float32' ? Float32Array.of(value) : dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
    return this.#initialiser(data, { dims: [], dataType: ELEMENT_TYPES[dtype] });
  }

  readonly #small = new Map<string, string>();

  #initialiser(data: Numbers | BigInt64Array, { dims, dataType }: Pick<Tensor, 'dims' | 'dataType'>): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const words = rawData.length <= 256 ? `${dataType}:${dims.join('x')}:${rawData.join()}` : undefined;
    const known = words === undefined ? undefined : this.#small.get(words);
    if (known !== undefined) return known;
    const name = this.#fresh('constant');
    this.initialisers.push({ name, dims, dataType, rawData });
    if (words !== undefined) this.#small.set(words, name);
    return name;
  }

  #fresh(type: string): string {
    this.#lastId++;
    return `${type}_${this.#lastId}`;
  }
}

function elementTypeOf(data: Numbers | BigInt64Array): number {
  if (data instanceof Float32Array) return ELEMENT_TYPES.float32;
  if (data instanceof Int32Array) return ELEMENT_TYPES.int32;
  return data instanceof BigInt64Array ? ELEMENT_TYPES.int64 : ELEMENT_TYPES.bool;
}

function toAttribute([name, value]: [string, OnnxAttribute]): object {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: 3 };
  if ('float' in value) return { name, f: value.float, type: 1 };
  return { name, ints: [...value], type: 7 };
}
