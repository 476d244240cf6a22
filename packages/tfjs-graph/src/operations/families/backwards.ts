import type { OnnxBuilder } from '../../operation.js';

/** Below every axis: the end of a part that is read backwards to its first element. */
const BEFORE_FIRST = -2_147_483_647;

/** Reads some axes backwards. */
export function readBackwards(name: string, axes: readonly number[], onnx: OnnxBuilder): string {
  const each = (value: number): string => onnx.integers(axes.map(() => value));
  return onnx.emit('Slice', [name, each(-1), each(BEFORE_FIRST), onnx.integers(axes), each(-1)]);
}
