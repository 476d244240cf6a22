import type { Value } from '../../graph.js';
import type { OnnxBuilder } from '../../operation.js';
import { onnxPads, type WindowAxis } from './window.js';

/** What each tap of a filter sees of an image: channels-first images of the output's size, row by row of the filter. */
export function tapsOf(x: Value, window: readonly [WindowAxis, WindowAxis], onnx: OnnxBuilder): string[] {
  const [h, w] = window;
  const [top, left, bottom, right] = onnxPads(window) as [number, number, number, number];
  const image = onnx.emit('Pad', [
    onnx.read(x, 'channels-first'),
    onnx.integers([0, 0, top, left, 0, 0, bottom, right]),
  ]);
  return Array.from({ length: h.kernel * w.kernel }, (_, tap) => {
    const from = [Math.floor(tap / w.kernel) * h.dilation, (tap % w.kernel) * w.dilation];
    const to = [from[0]! + (h.output - 1) * h.stride + 1, from[1]! + (w.output - 1) * w.stride + 1];
    return onnx.emit('Slice', [
      image,
      onnx.integers(from),
      onnx.integers(to),
      onnx.integers([2, 3]),
      onnx.integers([h.stride, w.stride]),
    ]);
  });
}
