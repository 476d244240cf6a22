import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import { GraphError, pruneGraph, type DataType, type Graph, type Value } from './graph.js';
import { shareConstants } from './passes/share-constants.js';
import { shareNodes } from './passes/share-nodes.js';
import { infoOf, Recording, recordWith } from './recorder.js';

export interface InputSpec {
  readonly shape: readonly number[];
  /** `uint8` is seen as float32 by the function and takes bytes in the file. */
  readonly dtype: DataType;
}

export type TensorRecord = Record<string, Tensor>;

/**
 * Runs `fn` once on symbolic tensors and returns what it did as a graph.
 *
 * Gradients are part of it: `tf.grad`, `tf.valueAndGrads` and the like inside `fn` are recorded as the operations they
 * come to. The function must be synchronous, must depend on nothing but its inputs (random numbers and schedules are
 * inputs, or they are frozen into the graph), and cannot read a tensor's numbers.
 *
 * @param fn From named tensors to named tensors.
 * @param inputs Shape and type of each input, under its name.
 * @throws {GraphError} `OPERATION_UNSUPPORTED` with the operation and the line that called it; `TRACE_INVALID`.
 */
export function trace(fn: (inputs: TensorRecord) => TensorRecord, inputs: Readonly<Record<string, InputSpec>>): Graph {
  const recording = new Recording();
  const declared = Object.entries(inputs).map(([name, { shape, dtype }]) => ({
    name,
    value: recording.newValue(shape, dtype),
  }));
  const outputs: { name: string; value: Value }[] = [];

  recordWith(recording, () => {
    const tensors = Object.fromEntries(declared.map(({ name, value }) => [name, tensorOf(recording, value)]));
    for (const [name, tensor] of Object.entries(fn(tensors))) {
      if (name in inputs)
        throw new GraphError('TRACE_INVALID', `Cannot name an output "${name}": an input has that name`);
      outputs.push({ name, value: namedOutput(recording, tensor) });
    }
  });
  if (outputs.length === 0) throw new GraphError('TRACE_INVALID', 'Cannot trace a function that returns no tensor');
  const recorded = { inputs: declared, constants: recording.constants, nodes: recording.nodes, outputs };
  return shareNodes(shareConstants(pruneGraph(recorded)));
}

function tensorOf(recording: Recording, value: Value): Tensor {
  if (value.dtype !== 'uint8') return makeTensor(infoOf(value));
  const widened = recording.newValue(value.shape, 'float32');
  recording.nodes.push({ operation: 'Cast', inputs: [value], attributes: { dtype: 'float32' }, outputs: [widened] });
  return makeTensor(infoOf(widened));
}

const makeTensor = (info: TensorInfo): Tensor => tf.engine().makeTensorFromTensorInfo(info);

/** Every output gets a node of its own, so that an input handed straight through has a name of its own too. */
function namedOutput(recording: Recording, tensor: Tensor): Value {
  const before = recording.nodes.length;
  tf.engine().runKernel('Identity', { x: tensor });
  return recording.nodes[before]!.outputs[0]!;
}
