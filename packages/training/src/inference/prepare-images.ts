import { resize, standardise } from '@probity/tfjs-graph/inference';
import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { Engine, Executable } from '../engine/engine.js';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Sessions kept for sizes met before. A set with more sizes than this compiles again now and then. */
const SIZES_KEPT = 32;

/** One image at its own size → the network's size, each channel with mean 0 and deviation 1. */
export function prepareGraph(source: ImageSize, input: ImageSize & { channels: number }): Graph {
  return trace(({ image }) => ({ prepared: standardise(resize(image as Tensor4D, input)) }), {
    image: { shape: [1, source.height, source.width, input.channels], dtype: 'float32' },
  });
}

/** Maps at the network's output size → the image's own size, kept within [0, 1]. */
export function restoreGraph(from: ImageSize & { channels: number }, to: ImageSize): Graph {
  return trace(({ maps }) => ({ restored: tf.clipByValue(resize(maps as Tensor4D, to), 0, 1) }), {
    maps: { shape: [1, from.height, from.width, from.channels], dtype: 'float32' },
  });
}

/** Brings images to the network's size and maps back to the images' sizes; the same way in training and in inference. */
export class ImageSizes {
  readonly #engine: Engine;
  readonly #sessions = new Map<string, Promise<Executable>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param pixels Shape (height, width, channels) of `source`. @returns Shape (height, width, channels) of `input`. */
  async prepare(pixels: Float32Array, { source, input }: { source: ImageSize; input: ImageSize & { channels: number } }): Promise<Float32Array> {
    const session = await this.#session(`in ${source.height}x${source.width}`, () => prepareGraph(source, input));
    return (await session.run({ image: pixels }))['prepared'] as Float32Array;
  }

  /** @param maps Shape (height, width, channels) of `from`. @returns Shape (height, width, channels) of `to`. */
  async restore(maps: Float32Array, { from, to }: { from: ImageSize & { channels: number }; to: ImageSize }): Promise<Float32Array> {
    const session = await this.#session(`out ${to.height}x${to.width} ${from.channels}`, () => restoreGraph(from, to));
    return (await session.run({ maps }))['restored'] as Float32Array;
  }

  async #session(name: string, graph: () => Graph): Promise<Executable> {
    const known = this.#sessions.get(name) ?? this.#engine.compile(graph());
    this.#sessions.delete(name); // put back behind the others: the first is the one not used for longest
    this.#sessions.set(name, known);
    for (const [oldest, session] of this.#sessions) {
      if (this.#sessions.size <= SIZES_KEPT) break;
      this.#sessions.delete(oldest);
      await (await session).dispose();
    }
    return known;
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).dispose();
    this.#sessions.clear();
  }
}
