import * as tf from '@tensorflow/tfjs';
import type {
  BackendValues,
  DataType as TfDataType,
  KernelBackend as TfBackend,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs';
import {
  GraphError,
  type Attributes,
  type DataType,
  type GraphConstant,
  type GraphNode,
  type Numbers,
  type Value,
} from './graph.js';
import { operations } from './operations.js';
import type { KernelCall, Operation, OutputType } from './operation.js';

export const BACKEND_NAME = 'probity-graph';

/** What one trace has seen so far. */
export class Recording {
  readonly nodes: GraphNode[] = [];
  readonly constants: GraphConstant[] = [];
  #lastId = 0;

  newValue(shape: readonly number[], dtype: DataType): Value {
    this.#lastId++;
    return { id: this.#lastId, shape: [...shape], dtype };
  }
}

let current: Recording | undefined;
const values = new WeakMap<object, Value>();
const data = new WeakMap<object, Numbers>();

function requireRecording(): Recording {
  if (current === undefined) throw new Error('Bug: a kernel of the recording backend ran outside trace()');
  return current;
}

function requireDataType(dtype: TfDataType): DataType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new GraphError('TRACE_INVALID', `Cannot trace a tensor of type "${dtype}": use float32, int32 or bool`);
}

function toNumbers(source: BackendValues, dtype: DataType): Numbers {
  if (Array.isArray(source)) throw new GraphError('TRACE_INVALID', 'Cannot trace a tensor of strings');
  if (dtype === 'float32') return Float32Array.from(source);
  return dtype === 'int32' ? Int32Array.from(source) : Uint8Array.from(source);
}

/** A backend that computes nothing: constants are kept, and kernels are recorded. */
class RecordingBackend extends tf.KernelBackend {
  override write(source: BackendValues, shape: number[], dtype: TfDataType): object {
    const dataId = {};
    this.move(dataId, source, shape, dtype);
    return dataId;
  }
  // oxlint-disable-next-line max-params -- the signature is that of TensorFlow.js
  override move(dataId: object, source: BackendValues, shape: number[], dtype: TfDataType): void {
    const recording = requireRecording();
    const value = recording.newValue(shape, requireDataType(dtype));
    const numbers = toNumbers(source, value.dtype);
    recording.constants.push({ value, data: numbers });
    values.set(dataId, value);
    data.set(dataId, numbers);
  }
  override readSync(dataId: object): Numbers {
    const numbers = data.get(dataId);
    if (numbers) return numbers;
    throw new GraphError(
      'TRACE_INVALID',
      `Cannot read a traced tensor${calledFrom()}: its numbers do not exist before the graph runs`,
    );
  }
  override read(dataId: object): Promise<Numbers> {
    return Promise.resolve(this.readSync(dataId));
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override numDataIds(): number {
    return 0;
  }
  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override disposeData(): boolean {
    return true;
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {}
}

/** TensorFlow.js, this package without its tests, and Node itself. */
const NOT_THE_CALLER = /@tensorflow|tfjs-graph[\\/](src|dist)[\\/](?!.*\.test\.)|node:internal/;

/** The line of the caller's own code that led here, as ` (called from file:line)`. */
function calledFrom(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100; // the caller stands some twenty frames of tfjs above
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  const places = stack.split('\n').flatMap((line) => /\(?([^\s(]+:\d+):\d+\)?$/.exec(line)?.[1] ?? []);
  const place = places.find((candidate) => !NOT_THE_CALLER.test(candidate));
  return place ? ` (called from ${place.replace(/^file:\/\//, '')})` : '';
}

function valueOf(info: TensorInfo): Value {
  const value = values.get(info.dataId);
  if (!value)
    throw new GraphError(
      'TRACE_INVALID',
      `Cannot use a tensor made outside the traced function${calledFrom()}: pass it as an input`,
    );
  return { ...value, shape: [...info.shape] };
}

/** A tensor info for tfjs; the engine makes the tensor. */
export function infoOf(value: Value): TensorInfo {
  const dataId = {};
  values.set(dataId, value);
  return { dataId, shape: [...value.shape], dtype: value.dtype === 'uint8' ? 'float32' : value.dtype };
}

/** A call as a graph knows it: inputs in order, and the names of those that were left out. */
function callOf(operation: Operation, inputs: NamedTensorInfoMap, attributes: Attributes): KernelCall {
  const named: Readonly<Record<string, TensorInfo | null | undefined>> = inputs;
  if (operation.inputs === 'list')
    return {
      inputs: Object.values(named)
        .flatMap((info) => info ?? [])
        .map(valueOf),
      attributes,
    };
  const present = operation.inputs.flatMap((name) => named[name] ?? []);
  const absentInputs = operation.inputs.filter((name) => !named[name]);
  return {
    inputs: present.map(valueOf),
    attributes: absentInputs.length === 0 ? attributes : { ...attributes, absentInputs },
  };
}

function record(operation: Operation, call: KernelCall): TensorInfo[] {
  const recording = requireRecording();
  const outputs = inferred(operation, call).map(({ shape, dtype }) => recording.newValue(shape, dtype));
  recording.nodes.push({ operation: operation.kernel, ...call, outputs });
  return outputs.map(infoOf);
}

/** What an operation refuses is told with the line that asked for it. */
function inferred(operation: Operation, call: KernelCall): readonly OutputType[] {
  try {
    return operation.infer(call);
  } catch (error) {
    if (error instanceof GraphError)
      throw new GraphError(error.code, `${error.message}${calledFrom()}`, { cause: error });
    throw error;
  }
}

/** Every kernel of TensorFlow.js gets an entry, if only to say that it is not supported. */
function registerKernels(): void {
  for (const operation of operations) {
    tf.registerKernel({
      kernelName: operation.kernel,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs }) => {
        const results = record(operation, callOf(operation, inputs as NamedTensorInfoMap, (attrs ?? {}) as Attributes));
        return results.length === 1 ? results[0]! : results;
      },
    });
  }
  const known = new Set(operations.map(({ kernel }) => kernel));
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (known.has(kernelName)) continue;
    tf.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: () => {
        throw new GraphError(
          'OPERATION_UNSUPPORTED',
          `Cannot trace operation "${kernelName}"${calledFrom()}: it is not supported. The README lists those that are, and how to add one`,
        );
      },
    });
  }
}

let registered = false;

/** Runs `body` with every tfjs call recorded, and puts the former backend back whatever happens. */
export function recordWith<Result>(recording: Recording, body: () => Result): Result {
  if (current) throw new GraphError('TRACE_INVALID', 'Cannot trace inside a traced function');
  tf.backend(); // makes TensorFlow.js choose its own backend where nobody has, so that there is one to go back to
  if (!registered) {
    tf.registerBackend(BACKEND_NAME, () => new RecordingBackend() as TfBackend);
    registerKernels();
    registered = true;
  }
  const former = tf.getBackend();
  current = recording;
  try {
    void tf.setBackend(BACKEND_NAME); // the factory is synchronous, so the backend stands when this returns
    return tf.tidy(() => body() as never) as Result;
  } finally {
    current = undefined;
    void tf.setBackend(former);
  }
}
