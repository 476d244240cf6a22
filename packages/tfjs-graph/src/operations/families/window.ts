import { pairOf } from '../../attributes.js';
import { GraphError, type Attributes } from '../../graph.js';
import { FLOATS } from './typed.js';

/** One spatial axis of a convolution or pooling: where the window starts, steps and ends. */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBefore: number;
  readonly padAfter: number;
}

export interface WindowSpec {
  readonly attributes: Attributes;
  /** Height and width of the image. */
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
}

/** Height and width axis of a window over an image, with TensorFlow's meaning of `same` and `valid`. */
export function windowOf({ attributes, image, kernel }: WindowSpec): readonly [WindowAxis, WindowAxis] {
  if (attributes['dataFormat'] === 'NCHW')
    throw new GraphError(
      'OPERATION_UNSUPPORTED',
      'Cannot trace a window over channels-first images: use NHWC, the default',
    );
  const rounding = attributes['dimRoundingMode'];
  if (rounding === 'ceil' || rounding === 'round')
    throw new GraphError(
      'OPERATION_UNSUPPORTED',
      `Cannot trace a window with dimRoundingMode "${rounding}": use "floor" or none`,
    );
  const strides = pairOf(attributes, 'strides', 1);
  const dilations = pairOf(attributes, 'dilations', 1);
  const axis = (i: 0 | 1): WindowAxis => {
    const reach = (kernel[i] - 1) * dilations[i] + 1;
    const [padBefore, padAfter] = padding(attributes['pad'], i, { input: image[i], reach, stride: strides[i] });
    const output = Math.floor((image[i] + padBefore + padAfter - reach) / strides[i]) + 1;
    return {
      input: image[i],
      output,
      kernel: kernel[i],
      stride: strides[i],
      dilation: dilations[i],
      padBefore,
      padAfter,
    };
  };
  return [axis(0), axis(1)];
}

function padding(
  pad: Attributes[string],
  axis: 0 | 1,
  { input, reach, stride }: { input: number; reach: number; stride: number },
): readonly [number, number] {
  if (pad === 'valid') return [0, 0];
  if (pad === 'same') {
    const total = Math.max((Math.ceil(input / stride) - 1) * stride + reach - input, 0);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  }
  if (typeof pad === 'number') return [pad, pad];
  if (Array.isArray(pad) && Array.isArray(pad[axis + 1])) return pad[axis + 1] as [number, number];
  throw new GraphError(
    'TRACE_INVALID',
    `Cannot read padding ${JSON.stringify(pad)}: use "same", "valid", a number or pairs`,
  );
}

/** ONNX lists pads as begin of each axis, then end of each axis. */
export const onnxPads = ([h, w]: readonly [WindowAxis, WindowAxis]): number[] => [
  h.padBefore,
  w.padBefore,
  h.padAfter,
  w.padAfter,
];

/** How TensorFlow's operations of windows say the same, but for the window's size. */
export function tensorFlowWindow([h, w]: readonly [WindowAxis, WindowAxis], { pad }: Attributes) {
  const borders = { explicit_paddings: [0, 0, h.padBefore, h.padAfter, w.padBefore, w.padAfter, 0, 0] };
  const named = pad === 'same' || pad === 'valid';
  return {
    ...FLOATS,
    strides: [1, h.stride, w.stride, 1],
    padding: named ? pad.toUpperCase() : 'EXPLICIT',
    ...(!named && borders),
  };
}
