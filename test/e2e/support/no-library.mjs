// How modules are found while a device is away: onnxruntime is not.
import { existsSync } from 'node:fs';

let gone;

export function initialize(file) {
  gone = file;
}

export function resolve(name, context, next) {
  if (name === 'onnxruntime-node' && existsSync(gone)) throw new Error('no CUDA-capable device is detected');
  return next(name, context);
}
