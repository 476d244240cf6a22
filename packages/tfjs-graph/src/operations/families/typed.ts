import type { DataType } from '../../graph.js';

/** The attribute in which most of TensorFlow's operations keep the type of their numbers. */
export const typed = ({ dtype }: { readonly dtype: DataType }) => ({ T: { type: dtype } });

export const FLOATS = typed({ dtype: 'float32' });
