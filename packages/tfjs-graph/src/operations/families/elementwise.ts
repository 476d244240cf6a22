import { GraphError, sizeOf, type DataType, type GraphNode, type Value } from '../../graph.js';
import type { Layout, OnnxBuilder, OutputType } from '../../operation.js';

/** Shape of the result of two broadcast shapes, aligned at the last axis. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new GraphError('TRACE_INVALID', `Cannot broadcast ${a.join('×')} with ${b.join('×')}`);
    return left === 1 ? right : left;
  });
}

export const sameAs = (value: Value, dtype: DataType = value.dtype): OutputType => ({ shape: value.shape, dtype });

/**
 * Element by element it does not matter in which order the axes lie, as long as all inputs agree: the order is taken in
 * which less has to be moved, and channels-first where that is the same, since convolutions want it.
 */
function chooseLayout(node: GraphNode, onnx: OnnxBuilder): Layout {
  const images = node.inputs.filter(({ shape }) => shape.length === 4);
  const turnable =
    node.outputs[0]!.shape.length === 4 && node.inputs.every(({ shape }) => shape.length === 4 || shape.length <= 1);
  if (!turnable || !images.some((value) => onnx.isChannelsFirst(value))) return 'logical';
  const moved = (layout: Layout) =>
    images.filter((value) => !onnx.isFree(value, layout)).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return moved('channels-first') <= moved('logical') ? 'channels-first' : 'logical';
}

/** The name of an input of an elementwise operation in the layout that was chosen for all of them. */
function readElementwise(value: Value, layout: Layout, onnx: OnnxBuilder): string {
  if (layout === 'logical' || value.shape.length === 0) return onnx.read(value);
  if (value.shape.length === 4) return onnx.read(value, 'channels-first');
  return onnx.emit('Reshape', [onnx.read(value), onnx.integers([value.shape[0]!, 1, 1])]);
}

/** Writes an elementwise node in whichever layout its inputs stand. */
export function writeElementwise(node: GraphNode, onnx: OnnxBuilder, emit: (inputs: string[]) => string): void {
  const layout = chooseLayout(node, onnx);
  const inputs = node.inputs.map((value) => readElementwise(value, layout, onnx));
  onnx.write(node.outputs[0]!, emit(inputs), layout);
}
