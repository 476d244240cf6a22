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
  /** What is wrong with this machine although the engine runs, in a sentence; absent where nothing is. */
  readonly warning?: string;
  /** @throws {ProbityError} `ENGINE_UNAVAILABLE`; `OUT_OF_MEMORY` and `DEVICE_LOST`, as every run of what is compiled may. */
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>;
  /**
   * As `compile`, for a graph that turns a state into the next one: the state stays inside the library between runs. An
   * engine without it keeps the state on the host (`host-state.ts`); both give the same numbers.
   *
   * @throws {ProbityError} As `compile`.
   */
  compileStateful?(graph: Graph, options: StatefulOptions): Promise<StatefulExecutable>;
  /** Whether convolutions in 8 bits come out right on this machine. */
  hasEightBits(): Promise<boolean>;
  /** Milliseconds spent computing since the engine was made. */
  readonly busyMilliseconds: number;
}

export interface CompileOptions {
  /** The work of a millisecond: one thread does it sooner than several agree on it, and none is kept waiting for more. */
  readonly isSmall?: boolean;
  /** Of a CPU, instead of the engine's own number; results may differ in the last bits. */
  readonly threads?: number | undefined;
  /** Of the graph's convolutions, which are then in 8 bits. Refused with `ENGINE_UNAVAILABLE` where these come out wrong. */
  readonly ranges?: readonly ConvolutionRange[];
}

export interface StatefulOptions {
  /** Inputs that are the state; the graph has an output `next_<name>` of the same shape and type for each. */
  readonly state: readonly string[];
}

/** Typed arrays by their names, in a graph's own shapes and types. */
export type Feeds = Readonly<Record<string, Numbers>>;

/** A compiled graph. */
export interface Executable {
  run(feeds: Feeds): Promise<Record<string, Numbers>>;
  dispose(): Promise<void>;
}

/** Vectors of a state by their names. */
export type State = Readonly<Record<string, Numbers>>;

/** A compiled graph with the state it works on. */
export interface StatefulExecutable {
  /** Steps that one run makes at most, 1 or more. */
  readonly stepsAtOnce: number;
  /** What the next run begins with. Copied, or never written to. */
  load(state: State): Promise<void>;
  /**
   * Makes one step after the other.
   *
   * @param steps For each, every input but the state's; 1 up to `stepsAtOnce` of them.
   * @returns For each, every output but `next_…`, which is the state from now on. A run that fails leaves the state as it was.
   */
  run(steps: readonly Feeds[]): Promise<readonly Record<string, Numbers>[]>;
  /** The state as it is now; later runs do not write to it. */
  read(): Promise<State>;
  dispose(): Promise<void>;
}
