import type { DataType } from '../graph.js';

/** Element type numbers of TensorFlow's formats. */
export const TENSORFLOW_TYPES: Readonly<Record<DataType | 'resource', number>> = {
  float32: 1,
  int32: 3,
  uint8: 4,
  bool: 10,
  resource: 20,
};
