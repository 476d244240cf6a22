import type { DataType } from '../graph.js';

/** Element type numbers of the ONNX format. */
export const ELEMENT_TYPES: Readonly<Record<DataType | 'int8' | 'int64', number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};
