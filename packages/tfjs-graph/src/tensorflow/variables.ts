import type { Value } from '../graph.js';
import { TENSORFLOW_TYPES } from './element-types.js';
import { shapeMessage, type TensorFlowNodes } from './tensor-flow-nodes.js';

type TensorType = Pick<Value, 'dtype' | 'shape'>;

interface VariableUse {
  /** Node of the variable itself. */
  readonly handle: string;
  readonly type: TensorType;
}

const dtypeOf = ({ dtype }: TensorType) => ({ type: TENSORFLOW_TYPES[dtype] });

/** A variable of the session, without a value as yet; its node. */
export function declareVariable(
  { name, type, index }: { name: string; type: TensorType; index: number },
  nodes: TensorFlowNodes,
): string {
  const handle = `state_${index}`;
  nodes.add({
    name: handle,
    op: 'VarHandleOp',
    input: [],
    attr: {
      dtype: dtypeOf(type),
      shape: { shape: shapeMessage(type.shape) },
      shared_name: { s: new TextEncoder().encode(name) },
    },
  });
  return handle;
}

/** Reads a variable under a node name of its own. */
export function readVariable({ handle, type, node }: VariableUse & { node: string }, nodes: TensorFlowNodes): string {
  nodes.add({ name: node, op: 'ReadVariableOp', input: [handle], attr: { dtype: dtypeOf(type) } });
  return node;
}

/** Sets a variable, after another node where one is named; the node that does. */
export function assignVariable(
  { handle, type, source, after = [] }: VariableUse & { source: string; after?: readonly string[] },
  nodes: TensorFlowNodes,
): string {
  const name = `${handle}_from_${source.replace(':', '_')}`;
  const order = [...new Set(after.map((tensor) => `^${tensor.replace(/:\d+$/, '')}`))];
  nodes.add({ name, op: 'AssignVariableOp', input: [handle, source, ...order], attr: { dtype: dtypeOf(type) } });
  return name;
}
