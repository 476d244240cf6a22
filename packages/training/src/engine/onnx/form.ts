import type { Graph } from '@probity/tfjs-graph/graph';
import type { OnnxOptions } from '@probity/tfjs-graph/write-onnx';
import type { InferenceSession } from 'onnxruntime-common';

/** How this machine runs graphs: chosen once for an engine. */
export interface Form {
  /** Of the engine that runs graphs so, e.g. `onnx-cpu-blocks-of-16`. */
  readonly engineName: string;
  /** Why it was chosen, in a sentence. */
  readonly reason: string;
  /** What is wrong with this machine although graphs run. */
  readonly warning?: string;
  write(graph: Graph, options?: Pick<OnnxOptions, 'ranges'>): Uint8Array;
  readonly options: InferenceSession.SessionOptions;
}
