import type { OnnxBuilder } from '../../operation.js';

/** Every pixel of a channels-first image repeated by whole factors. */
export function grow(image: string, [height, width]: readonly [number, number], onnx: OnnxBuilder): string {
  const scales = onnx.constant(Float32Array.of(1, 1, height, width), [4]);
  return onnx.emit('Resize', [image, '', scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}
