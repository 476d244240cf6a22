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

/** Rank 4, and one channel order or the other fits all inputs. */
const isTurnable = ({ inputs, outputs }: GraphNode): boolean =>
  outputs[0]!.shape.length === 4 && inputs.every(({ shape }) => shape.length === 4 || shape.length <= 1);

/** In blocks no axis has a stride of its own, so nothing can be repeated along one; and they are of floats only. */
const isBlockable = ({ inputs, outputs }: GraphNode): boolean =>
  [...inputs, ...outputs].every(
    ({ shape, dtype }) => dtype === 'float32' && (shape.length === 0 || shape.join() === outputs[0]!.shape.join()),
  );

/**
 * Element by element it does not matter in which order the axes lie, as long as all inputs agree: the order is taken in
 * which less has to be moved, and the one that convolutions want where that is the same.
 */
function chooseLayout(node: GraphNode, onnx: OnnxBuilder): Layout {
  const images = node.inputs.filter(({ shape }) => shape.length === 4);
  const stands = (layout: Layout) => images.some((value) => onnx.stands(value, layout));
  const moved = (layout: Layout) =>
    images.filter((value) => !onnx.isFree(value, layout)).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const possible: Layout[] = [
    ...(stands('blocked') && isBlockable(node) ? (['blocked'] as const) : []),
    ...(stands('channels-first') && isTurnable(node) ? (['channels-first'] as const) : []),
    'logical',
  ];
  const least = Math.min(...possible.map(moved));
  return possible.find((layout) => moved(layout) === least)!;
}

/** The name of an input of an elementwise operation in the layout that was chosen for all of them. */
function readElementwise(value: Value, layout: Layout, onnx: OnnxBuilder): string {
  if (layout === 'logical' || value.shape.length === 0) return onnx.read(value);
  if (value.shape.length === 4) return onnx.read(value, layout);
  return onnx.reshape(onnx.read(value), [value.shape[0]!, 1, 1]);
}

/** Writes an elementwise node in whichever layout its inputs stand. */
export function writeElementwise(node: GraphNode, onnx: OnnxBuilder, emit: (inputs: string[]) => string): void {
  const layout = chooseLayout(node, onnx);
  const inputs = node.inputs.map((value) => readElementwise(value, layout, onnx));
  onnx.write(node.outputs[0]!, emit(inputs), layout);
}
