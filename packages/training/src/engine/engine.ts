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
  /** What is wrong with this machine although the engine runs, in a sentence; absent where nothing is. */
  readonly warning?: string;
  /** @throws {ProbityError} `ENGINE_UNAVAILABLE` */
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>;
  /** Milliseconds spent computing since the engine was made. */
  readonly busyMilliseconds: number;
}

export interface CompileOptions {
  /** The work of a millisecond: one thread does it sooner than several agree on it, and none is kept waiting for more. */
  readonly isSmall?: boolean;
}

/** A compiled graph. Takes and gives typed arrays in the graph's own shapes and types. */
export interface Executable {
  run(feeds: Readonly<Record<string, Numbers>>): Promise<Record<string, Numbers>>;
  dispose(): Promise<void>;
}
