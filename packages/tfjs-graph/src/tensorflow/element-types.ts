import type { DataType } from '../graph.js';

/** Types that only a written graph has, between its own values. */
export type TensorFlowOwnType = 'bfloat16' | 'resource';

/** Element type numbers of TensorFlow's formats. */
export const TENSORFLOW_TYPES: Readonly<Record<DataType | TensorFlowOwnType, number>> = {
  float32: 1,
  int32: 3,
  uint8: 4,
  bool: 10,
  bfloat16: 14,
  resource: 20,
};
