import { GraphError, type Attributes, type Value } from './graph.js';

/** Reads of a kernel's attributes that fail with the attribute's name instead of passing on a wrong type. */
export function numbersOf(attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name];
  if (typeof value === 'number') return [value];
  if (Array.isArray(value) && value.every((member) => typeof member === 'number')) return value as readonly number[];
  throw new GraphError(
    'TRACE_INVALID',
    `Cannot read attribute "${name}": it is ${JSON.stringify(value)}, not a list of numbers`,
  );
}

export function numberOf(attributes: Attributes, name: string, otherwise?: number): number {
  const value = attributes[name] ?? otherwise;
  if (typeof value === 'number') return value;
  throw new GraphError(
    'TRACE_INVALID',
    `Cannot read attribute "${name}": it is ${JSON.stringify(value)}, not a number`,
  );
}

/** One number stands for both sides. */
export function pairOf(attributes: Attributes, name: string, otherwise?: number): readonly [number, number] {
  if (attributes[name] === undefined && otherwise !== undefined) return [otherwise, otherwise];
  const [first = Number.NaN, second = first] = numbersOf(attributes, name);
  return [first, second];
}

/** Axes as non-negative numbers in ascending order; absent means all. */
export function axesOf(attributes: Attributes, rank: number, name = 'axis'): number[] {
  const value = attributes[name];
  if (value === undefined || value === null) return Array.from({ length: rank }, (_, i) => i);
  return numbersOf(attributes, name)
    .map((axis) => (axis < 0 ? axis + rank : axis))
    .toSorted((a, b) => a - b);
}

/** Inputs, or what stands for them, by their names, where a kernel may be called without some of them. */
export function namedInputs<Input = Value>(
  { inputs, attributes }: { inputs: readonly Input[]; attributes: Attributes },
  names: readonly string[],
): Readonly<Record<string, Input | undefined>> {
  const absent = attributes['absentInputs'];
  const given = names.filter((name) => !(Array.isArray(absent) && (absent as readonly string[]).includes(name)));
  return Object.fromEntries(given.map((name, i) => [name, inputs[i]]));
}
