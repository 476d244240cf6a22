import type { ConvolutionRange } from '@probity/tfjs-graph/eight-bits/convolution-ranges';
import type { Graph, Numbers } from '@probity/tfjs-graph/graph';

/**
 * What turns a graph into numbers. Adapters stand in the folders beside this file; everything else of the package
 * knows this port only. Calls block the thread while the device computes, so jobs run in processes of their own.
 */
export interface Engine {
  /** E.g. `onnx-cpu`; recorded with every model. */
  readonly name: string;
  /** What was chosen for this machine and why, in a sentence. */
  readonly choice: string;
  /** @throws {ProbityError} `ENGINE_UNAVAILABLE` */
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>;
  /** Whether convolutions in 8 bits come out right on this machine. */
  hasEightBits(): Promise<boolean>;
  /** Milliseconds spent computing since the engine was made. */
  readonly busyMilliseconds: number;
}

export interface CompileOptions {
  /** The work of a millisecond: one thread does it sooner than several agree on it, and none is kept waiting for more. */
  readonly isSmall?: boolean;
  /** Of the graph's convolutions, which are then in 8 bits. Refused with `ENGINE_UNAVAILABLE` where these come out wrong. */
  readonly ranges?: readonly ConvolutionRange[];
}

/** A compiled graph. Takes and gives typed arrays in the graph's own shapes and types. */
export interface Executable {
  run(feeds: Readonly<Record<string, Numbers>>): Promise<Record<string, Numbers>>;
  dispose(): Promise<void>;
}
