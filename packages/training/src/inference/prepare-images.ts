import { resize, standardise } from '@probity/tfjs-graph/inference';
import type { Graph, Numbers } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { Engine, Executable, Feeds } from '../engine/engine.js';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Sessions kept for sizes met before. A set with more sizes than this compiles again now and then. */
const SIZES_KEPT = 32;

/** What an image's values are given as; the numbers are the same. */
type PixelType = 'uint8' | 'float32';

/** One image at its own size → the network's size, each channel with mean 0 and deviation 1. */
export function prepareGraph(source: ImageSize, input: ImageSize & { channels: number }, dtype: PixelType): Graph {
  return trace(({ image }) => ({ prepared: standardise(resize(image as Tensor4D, input)) }), {
    image: { shape: [1, source.height, source.width, input.channels], dtype },
  });
}

/** Maps at the network's output size → the image's own size, kept within [0, 1]. */
export function restoreGraph(from: ImageSize & { channels: number }, to: ImageSize): Graph {
  return trace(({ maps }) => ({ restored: tf.clipByValue(resize(maps as Tensor4D, to), 0, 1) }), {
    maps: { shape: [1, from.height, from.width, from.channels], dtype: 'float32' },
  });
}

interface Session {
  readonly executable: Promise<Executable>;
  users: number;
}

/** Brings images to the network's size and maps back to the images' sizes; the same way in training and in inference. */
export class ImageSizes {
  readonly #engine: Engine;
  /** The one not used for longest comes first. */
  readonly #sessions = new Map<string, Session>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * @param pixels Shape (height, width, channels) of `source`, unscaled.
   * @returns Shape (height, width, channels) of `input`.
   */
  async prepare(
    pixels: Uint8Array | Uint16Array | Float32Array,
    { source, input }: { source: ImageSize; input: ImageSize & { channels: number } },
  ): Promise<Float32Array> {
    const dtype = pixels instanceof Uint8Array ? 'uint8' : 'float32';
    const image = pixels instanceof Uint16Array ? new Float32Array(pixels) : pixels;
    const name = `in ${dtype} ${nameOf(source)} ${nameOf(input)} ${input.channels}`;
    const results = await this.#run(name, { image }, () => prepareGraph(source, input, dtype));
    return results['prepared'] as Float32Array;
  }

  /** @param maps Shape (height, width, channels) of `from`. @returns Shape (height, width, channels) of `to`. */
  async restore(
    maps: Float32Array,
    { from, to }: { from: ImageSize & { channels: number }; to: ImageSize },
  ): Promise<Float32Array> {
    const name = `out ${nameOf(from)} ${nameOf(to)} ${from.channels}`;
    const results = await this.#run(name, { maps }, () => restoreGraph(from, to));
    return results['restored'] as Float32Array;
  }

  async #run(name: string, feeds: Feeds, graph: () => Graph): Promise<Record<string, Numbers>> {
    const session = this.#sessions.get(name) ?? {
      executable: this.#engine.compile(graph(), { isSmall: true }),
      users: 0,
    };
    this.#sessions.delete(name); // put back behind the others
    this.#sessions.set(name, session);
    session.users++;
    try {
      return await (await session.executable).run(feeds);
    } catch (error) {
      this.#sessions.delete(name); // a session that could not be made is not asked again
      throw error;
    } finally {
      session.users--;
      await this.#dropOldest();
    }
  }

  async #dropOldest(): Promise<void> {
    for (const [name, { executable, users }] of this.#sessions) {
      if (this.#sessions.size <= SIZES_KEPT) return;
      if (users > 0) continue;
      this.#sessions.delete(name);
      await (await executable).dispose();
    }
  }

  /** To be called when nothing runs any more. */
  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const { executable } of sessions) await (await executable).dispose();
  }
}

const nameOf = ({ height, width }: ImageSize) => `${height}x${width}`;
