import { numberOf } from '../../attributes.js';
import type { Attributes, Value } from '../../graph.js';
import type { Layout, OnnxBuilder } from '../../operation.js';

/** Where an axis of a rank-4 tensor lies when channels come first. */
export const CHANNELS_FIRST_AXIS = [0, 2, 3, 1] as const;

/** The axis of an attribute as a non-negative number. */
export function axisOf(attributes: Attributes, rank: number, name = 'axis'): number {
  const axis = numberOf(attributes, name, 0);
  return axis < 0 ? axis + rank : axis;
}

/** The layout in which a value can be read for nothing, and where a logical axis lies in it. */
export function standingLayout(
  value: Value,
  onnx: OnnxBuilder,
): { readonly layout: Layout; readonly axis: (logical: number) => number } {
  return onnx.stands(value, 'channels-first')
    ? { layout: 'channels-first', axis: (logical) => CHANNELS_FIRST_AXIS[logical]! }
    : { layout: 'logical', axis: (logical) => logical };
}
