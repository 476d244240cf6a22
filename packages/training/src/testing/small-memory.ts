import type { Graph } from '@probity/tfjs-graph/graph';
import type { Engine } from '../engine/engine.js';
import { callLibrary } from '../engine/library-call.js';

const imagesOf = (graph: Graph): number => graph.inputs.find(({ name }) => name === 'images')?.value.shape[0] ?? 0;

interface Runnable {
  run(...args: never[]): Promise<unknown>;
  dispose(): Promise<void>;
}

export interface SmallMemory {
  readonly engine: Engine;
  /** Images that fit; may be changed at any time. */
  imagesMax: number;
  /** Graphs that are compiled and not disposed of. */
  readonly alive: number;
}

/** The engine on a device whose memory holds so many images at once. A graph of more fails when it is run, or compiled. */
export function withSmallMemory(engine: Engine, imagesMax: number, failsAt: 'compile' | 'run' = 'run'): SmallMemory {
  let alive = 0;
  const { compileStateful } = engine;
  const checkOf = (graph: Graph) => () =>
    callLibrary('run a graph', () => {
      const tooMany = imagesOf(graph) > memory.imagesMax;
      return tooMany ? Promise.reject(new Error('OOM when allocating tensor')) : Promise.resolve();
    });
  /** What was compiled, with a memory that it needs while it runs. */
  const needing = <Compiled extends Runnable>(compiled: Compiled, check: () => Promise<void>): Compiled => {
    alive++;
    const run = async (...args: never[]) => {
      await check();
      return compiled.run(...args);
    };
    const dispose = async () => {
      alive--;
      await compiled.dispose();
    };
    return { ...compiled, run, dispose };
  };
  const memory = {
    imagesMax,
    get alive() {
      return alive;
    },
    engine: {
      ...engine,
      compile: async (graph, options) => {
        const check = checkOf(graph);
        if (failsAt === 'compile') await check();
        return needing(await engine.compile(graph, options), check);
      },
      ...(compileStateful && {
        compileStateful: async (graph, options) => {
          const check = checkOf(graph);
          if (failsAt === 'compile') await check();
          return needing(await compileStateful(graph, options), check);
        },
      }),
    } satisfies Engine,
  };
  return memory;
}
