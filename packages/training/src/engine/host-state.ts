import type { Graph, Numbers } from '@probity/tfjs-graph/graph';
import type { Executable, Feeds, State, StatefulExecutable } from './engine.js';
import { onlyStep } from './only-step.js';

/** What turns a state that it is fed into the next one, in some steps. */
export interface StatelessSteps {
  readonly stepsAtOnce: number;
  /** @returns The state behind the last step, and what each step gave besides. */
  run(state: State, steps: readonly Feeds[]): Promise<{ next: State; told: readonly Record<string, Numbers>[] }>;
  dispose(): Promise<void>;
}

/** Keeps the state of an executable in the host's memory: fed to every run, and taken from its outputs. */
export const withHostState = (executable: Executable, names: readonly string[]): StatefulExecutable =>
  keptOnHost(names, {
    stepsAtOnce: 1,
    run: async (state, steps) => {
      const { next, told } = splitState(await executable.run({ ...state, ...onlyStep(steps) }), names);
      return { next, told: [told] };
    },
    dispose: () => executable.dispose(),
  });

/** The same for what makes several steps in a run. */
export function keptOnHost(names: readonly string[], steps: StatelessSteps): StatefulExecutable {
  let current: State = {};
  return {
    stepsAtOnce: steps.stepsAtOnce,
    load: (state) => {
      current = Object.fromEntries(names.map((name) => [name, requireVector(state, name)]));
      return Promise.resolve();
    },
    run: async (feeds) => {
      const { next, told } = await steps.run(current, feeds);
      current = next;
      return told;
    },
    read: () => Promise.resolve(current),
    dispose: () => steps.dispose(),
  };
}

/** The inputs that are the state, and those that every step is fed. */
export function splitInputs({ inputs }: Graph, names: readonly string[]): Record<'state' | 'fed', Graph['inputs']> {
  const isState = new Set(names);
  return {
    state: inputs.filter(({ name }) => isState.has(name)),
    fed: inputs.filter(({ name }) => !isState.has(name)),
  };
}

/** The outputs `next_…` of a run by the names of the state, and all others. */
export function splitState<Output>(
  outputs: Readonly<Record<string, Output>>,
  names: readonly string[],
): { next: Record<string, Output>; told: Record<string, Output> } {
  const next = Object.fromEntries(names.map((name) => [name, requireVector(outputs, nextName(name))]));
  const isNext = new Set(names.map(nextName));
  return { next, told: Object.fromEntries(Object.entries(outputs).filter(([name]) => !isNext.has(name))) };
}

/** Of the output that a vector of the state becomes. */
export const nextName = (name: string): string => `next_${name}`;

function requireVector<Vector>(vectors: Readonly<Record<string, Vector>>, name: string): Vector {
  const vector = vectors[name];
  if (!vector) throw new Error(`Bug: a state was asked for "${name}", which it has not`);
  return vector;
}
