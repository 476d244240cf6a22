import type { Executable, State, StatefulExecutable } from './engine.js';

const NEXT = 'next_';

/** Keeps the state of an executable in the host's memory: fed to every run, and taken from its outputs. */
export function withHostState(executable: Executable, names: readonly string[]): StatefulExecutable {
  let current: State = {};
  return {
    load: (state) => {
      current = Object.fromEntries(names.map((name) => [name, requireVector(state, name)]));
      return Promise.resolve();
    },
    run: async (feeds) => {
      const results = await executable.run({ ...current, ...feeds });
      current = Object.fromEntries(names.map((name) => [name, requireVector(results, `${NEXT}${name}`)]));
      return Object.fromEntries(Object.entries(results).filter(([name]) => !name.startsWith(NEXT)));
    },
    read: () => Promise.resolve(current),
    dispose: () => executable.dispose(),
  };
}

function requireVector(vectors: State, name: string) {
  const vector = vectors[name];
  if (!vector) throw new Error(`Bug: a state was asked for "${name}", which it has not`);
  return vector;
}
