import type { ConvolutionRange } from '@probity/tfjs-graph/eight-bits/convolution-ranges';
import type { Graph, Numbers } from '@probity/tfjs-graph/graph';
import { halvedParts, imagesOfPart } from '../batch-parts.js';
import type { Engine, Executable } from '../engine/engine.js';

export interface ImageBatchesRequest {
  readonly engine: Engine;
  /** The graph for so many images; its one input is `images`. */
  readonly graphOf: (imageCount: number) => Graph;
  /** Of the graph's convolutions, which are then in 8 bits. */
  readonly ranges?: readonly ConvolutionRange[] | undefined;
  /** Instead of the engine's own number. */
  readonly threads?: number | undefined;
  readonly batchSize: number;
  /** Numbers an image. */
  readonly imageLength: number;
  /** What is computed, for messages: `predict with 15 networks`. */
  readonly title: string;
  /** Called whenever batches are made smaller, with the images that they hold from now on. */
  readonly onBatchHalved?: ((imageCount: number) => void) | undefined;
}

/** Called for each batch: what the graph gave, for how many images it gave it, and how many of them, the first, were asked for. */
export type TakeBatch = (
  outputs: Readonly<Record<string, Numbers>>,
  batch: { readonly size: number; readonly filled: number },
) => void;

export interface ImageBatches {
  /** @param images Shape (count, height, width, channels). */
  run(images: Float32Array, count: number, take: TakeBatch): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Runs a graph over images batch by batch. Where the device's memory does not hold a batch, smaller ones are taken from there
 * on; each image is seen alone, so its numbers are the same to rounding.
 *
 * @throws {ProbityError} `OUT_OF_MEMORY` when not even one image fits; `DEVICE_LOST`; `ENGINE_UNAVAILABLE`.
 */
export async function createImageBatches(request: ImageBatchesRequest): Promise<ImageBatches> {
  const { engine, graphOf, ranges, threads, batchSize, imageLength, title } = request;
  let parts = 1;
  const size = () => imagesOfPart(batchSize, parts);
  const halve = (error: unknown) => {
    parts = halvedParts(error, { parts, batchSize, title });
    request.onBatchHalved?.(size());
  };
  const compile = async (): Promise<Executable> => {
    for (;;) {
      try {
        return await engine.compile(graphOf(size()), { threads, ...(ranges && { ranges }) });
      } catch (error) {
        halve(error);
      }
    }
  };
  let current: Executable | undefined = await compile();
  const dispose = async () => {
    const former = current;
    current = undefined;
    await former?.dispose();
  };

  return {
    run: async (images, count, take) => {
      for (let first = 0; first < count;) {
        current ??= await compile(); // first, since it decides how many images a batch has
        const batch = { size: size(), filled: Math.min(size(), count - first) };
        const filled = images.subarray(first * imageLength, (first + batch.filled) * imageLength);
        try {
          take(await current.run({ images: padded(filled, batch.size * imageLength) }), batch);
          first += batch.filled;
        } catch (error) {
          halve(error);
          await dispose(); // first, or both would have to fit
        }
      }
    },
    dispose,
  };
}

/** The last batch may lack images; what stands in their place is predicted for nothing. */
function padded(images: Float32Array, length: number): Float32Array {
  if (images.length === length) return images;
  const batch = new Float32Array(length);
  batch.set(images);
  return batch;
}
