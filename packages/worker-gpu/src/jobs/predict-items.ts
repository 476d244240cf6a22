import { hasCode } from '@probity/core/errors';
import { levelsOf } from '@probity/core/pseudo-labels/probability-levels';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetItem, SetAside } from '@probity/core/schemas/dataset-version';
import type { Prediction, Predictor } from '@probity/training/inference/predictor';
import type { ImageSizes } from '@probity/training/inference/prepare-images';
import { prepareImage } from './prepared-image.js';
import type { JobContext } from './job-context.js';

/** Images that all networks see at once; more gains nothing on a processor and costs memory a network. */
export const INFERENCE_BATCH = 8;

/** An ensemble or a student, ready to predict. */
export interface LoadedPredictor {
  readonly predictor: Predictor;
  /** Images that it is given at once; `INFERENCE_BATCH` unless told. */
  readonly imagesAtOnce?: number;
  readonly sizes: ImageSizes;
}

/** What is said of one item, at the image's own size (one pixel for a classifier), in 8 bits. */
export interface ItemPrediction {
  readonly item: DatasetItem;
  readonly height: number;
  readonly width: number;
  /** One map a foreground class, 255 = probability 1. */
  readonly probabilities: readonly Uint8Array[];
  /** The same before calibration, for those who ask; none of a student. */
  readonly uncalibrated: () => Promise<readonly Uint8Array[]>;
  /** Some members never saw the item, since the others left no doubt. */
  readonly leftEarly: boolean;
}

/** Batches that are read and decoded before they are wanted. */
const BATCHES_AHEAD = 2;

/** Predictions that may still be in use, being encoded and written, before the next batch waits for them. */
const ITEMS_BEHIND = 4 * INFERENCE_BATCH;

export interface PredictItems {
  readonly items: readonly DatasetItem[];
  readonly spec: CampaignSpec;
  readonly loaded: LoadedPredictor;
  readonly context: JobContext;
  /** Called for each prediction, in the order of the items. What it starts runs beside the next batch. */
  readonly onPrediction: (prediction: ItemPrediction) => Promise<void>;
  readonly onProgress: (done: number) => void;
}

interface LoadedItem {
  readonly item: DatasetItem;
  readonly image: Float32Array;
}
type Loaded = LoadedItem | { readonly setAside: SetAside };

/**
 * Predicts items batch by batch. While the device computes, this thread stands still, and what reads and writes goes on
 * by one step only; so several batches are read ahead, and several may still be written. An item that cannot be read is
 * set aside with its reason, and the others go on.
 */
export async function predictItems(request: PredictItems): Promise<SetAside[]> {
  const { items, loaded } = request;
  const { imagesAtOnce = INFERENCE_BATCH } = loaded;
  const batches = Array.from({ length: Math.ceil(items.length / imagesAtOnce) }, (_, i) =>
    items.slice(i * imagesAtOnce, (i + 1) * imagesAtOnce),
  );
  const load = (batch: readonly DatasetItem[]) => beside(loadBatch(batch, request));
  const reading = batches.slice(0, BATCHES_AHEAD).map(load);
  const using: Promise<void>[] = [];
  const setAside: SetAside[] = [];
  let handing: Promise<void> = Promise.resolve();
  let done = 0;
  for (const [i, batch] of batches.entries()) {
    const current = await reading.shift()!;
    const ahead = batches[i + BATCHES_AHEAD];
    if (ahead) reading.push(load(ahead));
    const readable = current.filter((entry) => 'image' in entry);
    setAside.push(...current.flatMap((entry) => ('setAside' in entry ? [entry.setAside] : [])));
    if (readable.length > 0) {
      const images = joined(readable.map(({ image }) => image));
      const predicting = beside(loaded.predictor.predict(images, readable.length));
      await handing; // of the batch before
      const predictions = await predicting;
      handing = beside(handOver(readable, predictions, { request, using }));
    }
    while (using.length > ITEMS_BEHIND) await using.shift();
    done += batch.length;
    request.onProgress(done);
  }
  await handing;
  await Promise.all(using);
  return setAside;
}

/** Work that is awaited in a later turn: until then its failure must not count as unhandled. */
function beside<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}

/** Brings predictions to the images' own sizes and hands them over, in the order of the items. */
async function handOver(
  readable: readonly LoadedItem[],
  predictions: readonly Prediction[],
  { request, using }: { request: PredictItems; using: Promise<void>[] },
): Promise<void> {
  for (const [position, { item }] of readable.entries())
    using.push(beside(request.onPrediction(await atOwnSize(item, predictions[position]!, request))));
}

function loadBatch(items: readonly DatasetItem[], { spec, loaded, context }: PredictItems): Promise<Loaded[]> {
  return Promise.all(
    items.map(async (item): Promise<Loaded> => {
      try {
        return {
          item,
          image: await prepareImage(item, { store: context.store, sizes: loaded.sizes, input: spec.input }),
        };
      } catch (error) {
        if (!hasCode(error, 'IMAGE_UNREADABLE', 'ARTIFACT_MISSING', 'ARTIFACT_CORRUPT')) throw error;
        return { setAside: { id: item.id, reason: error.message } };
      }
    }),
  );
}

function joined(images: readonly Float32Array[]): Float32Array {
  const size = images[0]!.length;
  const batch = new Float32Array(images.length * size);
  images.forEach((image, i) => batch.set(image, i * size));
  return batch;
}

async function atOwnSize(
  item: DatasetItem,
  prediction: Prediction,
  { loaded, spec }: Pick<PredictItems, 'loaded' | 'spec'>,
): Promise<ItemPrediction> {
  const isMask = spec.model.kind === 'unet';
  const size = isMask ? { height: item.image.height, width: item.image.width } : { height: 1, width: 1 };
  const channels = prediction.probabilities.length / (isMask ? spec.input.height * spec.input.width : 1);
  const from = { ...(isMask ? spec.input : size), channels };
  const bring = async (maps: Float32Array) =>
    planes(isMask ? await loaded.sizes.restore(maps, { from, to: size }) : maps, channels);
  return {
    item,
    ...size,
    probabilities: await bring(prediction.probabilities),
    uncalibrated: async () => (prediction.uncalibrated ? bring(prediction.uncalibrated) : []),
    leftEarly: prediction.leftEarly === true,
  };
}

/** (pixels, classes) as probabilities → one 8-bit map a class. */
const planes = (maps: Float32Array, classes: number): Uint8Array[] =>
  Array.from({ length: classes }, (_, index) => levelsOf(maps, { index, classes }));
