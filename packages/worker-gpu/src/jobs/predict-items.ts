import { ProbityError } from '@probity/core/errors';
import { levelOf } from '@probity/core/pseudo-labels/probability-levels';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetItem, SetAside } from '@probity/core/schemas/dataset-version';
import type { EnsemblePrediction } from '@probity/training/inference/ensemble';
import { INFERENCE_BATCH, type LoadedEnsemble } from './loaded-ensemble.js';
import { prepareImage } from './prepared-image.js';
import type { JobContext } from './job-context.js';

/** What the ensemble says of one item, at the image's own size (one pixel for a classifier), in 8 bits. */
export interface ItemPrediction {
  readonly item: DatasetItem;
  readonly height: number;
  readonly width: number;
  /** One map a foreground class, 255 = probability 1. */
  readonly calibrated: readonly Uint8Array[];
  readonly uncalibrated: readonly Uint8Array[];
}

export interface PredictItems {
  readonly items: readonly DatasetItem[];
  readonly spec: CampaignSpec;
  readonly loaded: LoadedEnsemble;
  readonly context: JobContext;
  /** Called for each prediction, in the order of the items. What it starts runs beside the next batch. */
  readonly onPrediction: (prediction: ItemPrediction) => Promise<void>;
  readonly onProgress: (done: number) => void;
}

type Loaded = { readonly item: DatasetItem; readonly image: Float32Array } | { readonly setAside: SetAside };

/**
 * Predicts items batch by batch. The next batch is read and decoded while this one computes; an item that cannot be
 * read is set aside with its reason, and the others go on.
 */
export async function predictItems(request: PredictItems): Promise<SetAside[]> {
  const { items, loaded, spec } = request;
  const batches = Array.from({ length: Math.ceil(items.length / INFERENCE_BATCH) }, (_, i) =>
    items.slice(i * INFERENCE_BATCH, (i + 1) * INFERENCE_BATCH),
  );
  const setAside: SetAside[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  let next = loadBatch(batches[0] ?? [], request);
  let done = 0;
  for (const [i, batch] of batches.entries()) {
    const current = await next;
    next = loadBatch(batches[i + 1] ?? [], request);
    next.catch(() => undefined); // awaited in the next turn; until then it must not count as unhandled
    const readable = current.filter((entry) => 'image' in entry);
    setAside.push(...current.flatMap((entry) => ('setAside' in entry ? [entry.setAside] : [])));
    if (readable.length > 0) {
      const predictions = await loaded.ensemble.predict(joined(readable.map(({ image }) => image)), readable.length);
      await writing; // of the batch before, which was written while this one computed
      const written: Promise<void>[] = [];
      for (const [position, { item }] of readable.entries()) {
        written.push(request.onPrediction(await atOwnSize(item, predictions[position]!, { loaded, spec })));
      }
      writing = Promise.all(written);
      writing.catch(() => undefined); // awaited in the next turn; until then it must not count as unhandled
    }
    done += batch.length;
    request.onProgress(done);
  }
  await writing;
  return setAside;
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
        const broken =
          error instanceof ProbityError &&
          ['IMAGE_UNREADABLE', 'ARTIFACT_MISSING', 'ARTIFACT_CORRUPT'].includes(error.code);
        if (!broken) throw error;
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
  prediction: EnsemblePrediction,
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
    calibrated: await bring(prediction.probabilities),
    uncalibrated: await bring(prediction.uncalibrated),
  };
}

/** (pixels, classes) as probabilities → one 8-bit map a class. */
function planes(maps: Float32Array, channels: number): Uint8Array[] {
  const pixels = maps.length / channels;
  return Array.from({ length: channels }, (_, c) =>
    Uint8Array.from({ length: pixels }, (__, pixel) => levelOf(maps[pixel * channels + c]!)),
  );
}

/** Pixels a level 0 … 255. */
export function histogramOf(levels: Uint8Array): number[] {
  const histogram = Array.from({ length: 256 }, () => 0);
  for (const level of levels) histogram[level]!++;
  return histogram;
}
