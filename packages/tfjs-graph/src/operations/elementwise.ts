import type { GraphNode, Value } from '../graph.js';
import type { Layout, OnnxBuilder, OutputType } from '../operation.js';

/** Shape of the result of two broadcast shapes, aligned at the last axis. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new Error(`Cannot broadcast ${a.join('×')} with ${b.join('×')}`);
    return left === 1 ? right : left;
  });
}

export const sameAs = (value: Value, dtype = value.dtype): OutputType => ({ shape: value.shape, dtype });

/**
 * Element by element it does not matter in which order the axes lie, as long as all inputs agree: an activation that
 * is channels-first already stays so, and vectors over channels are turned to fit.
 */
export function chooseLayout(node: GraphNode, onnx: OnnxBuilder): Layout {
  const fits = ({ shape }: Value) => shape.length === 4 || shape.length <= 1;
  const wanted = node.outputs[0]!.shape.length === 4 && node.inputs.some((value) => onnx.isChannelsFirst(value));
  return wanted && node.inputs.every(fits) ? 'channels-first' : 'logical';
}

/** The name of an input of an elementwise operation in the layout that was chosen for all of them. */
export function readElementwise(value: Value, layout: Layout, onnx: OnnxBuilder): string {
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
