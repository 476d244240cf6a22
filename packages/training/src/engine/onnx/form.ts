import type { Graph } from '@probity/tfjs-graph/graph';
import type { OnnxOptions } from '@probity/tfjs-graph/write-onnx';
import type { InferenceSession } from 'onnxruntime-common';
import type { StatefulExecutable } from '../engine.js';
import type { OpenSession } from './onnx-session.js';

/** Compiles the graph of a training step together with a way to keep its state from step to step. */
export type CompileSteps = (
  graph: Graph,
  names: readonly string[],
  tools: { readonly open: OpenSession; readonly onnx: OnnxOptions },
) => Promise<StatefulExecutable>;

/** How this machine runs graphs: chosen once for an engine. */
export interface Form {
  /** Of the engine that runs graphs so, e.g. `onnx-cpu-blocks-of-16`. */
  readonly engineName: string;
  /** Why it was chosen, in a sentence. */
  readonly reason: string;
  /** What is wrong with this machine although graphs run. */
  readonly warning?: string;
  /** How graphs are written for it. */
  readonly onnx: OnnxOptions;
  /** How files are loaded for it. */
  readonly options: InferenceSession.SessionOptions;
  /** How the state of training steps stays on the device; absent: it lies on the host. */
  readonly compileSteps?: CompileSteps;
}
