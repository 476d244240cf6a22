import type { Graph } from '@probity/tfjs-graph/graph';
import type { Engine } from '../engine/engine.js';
import { namingLackOfMemory } from '../engine/out-of-memory.js';

const imagesOf = (graph: Graph): number => graph.inputs.find(({ name }) => name === 'images')?.value.shape[0] ?? 0;

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
  const memory = {
    imagesMax,
    get alive() {
      return alive;
    },
    engine: {
      ...engine,
      compile: async (graph, options) => {
        const check = () =>
          namingLackOfMemory('run a graph', () => {
            const tooMany = imagesOf(graph) > memory.imagesMax;
            return tooMany ? Promise.reject(new Error('OOM when allocating tensor')) : Promise.resolve();
          });
        if (failsAt === 'compile') await check();
        const executable = await engine.compile(graph, options);
        alive++;
        return {
          run: async (feeds) => {
            await check();
            return executable.run(feeds);
          },
          dispose: async () => {
            alive--;
            await executable.dispose();
          },
        };
      },
    } satisfies Engine,
  };
  return memory;
}
