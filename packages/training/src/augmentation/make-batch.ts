import { createRandom } from '@probity/core/numerics/random';
import type { AugmentationSpec } from '@probity/core/schemas/campaign-spec';
import type { LabelBatch, PreparedItems, SoftBatch, SoftItems } from '../items.js';
import { drawAugmentation, type Augmentation } from './draw-augmentation.js';
import { changeIntensity } from './intensity.js';
import { resampleImage, resampleLabels, resampleLevels } from './resample.js';

export interface BatchPlan {
  readonly seed: number;
  /** Whose batches they are; members and student draw from streams of their own. */
  readonly fold: number | 'student';
  readonly batchSize: number;
  readonly augmentation: AugmentationSpec;
}

/**
 * The batch of one step. A pure function of the plan and the step: a resumed job, a fork and an undisturbed run see the
 * same images. Items come in epochs, each a new shuffle; an epoch may end inside a batch.
 *
 * @param step 0-based.
 */
export function makeBatch(items: PreparedItems, plan: BatchPlan, step: number): LabelBatch;
export function makeBatch(items: SoftItems, plan: BatchPlan, step: number): SoftBatch;
export function makeBatch(items: PreparedItems | SoftItems, plan: BatchPlan, step: number): LabelBatch | SoftBatch;
export function makeBatch(items: PreparedItems | SoftItems, plan: BatchPlan, step: number): LabelBatch | SoftBatch {
  const { height, width, channels } = items;
  const imageSize = height * width * channels;
  const images = new Float32Array(plan.batchSize * imageSize);
  const teaching = createTeaching(items, plan.batchSize);
  for (let position = 0; position < plan.batchSize; position++) {
    const item = itemAt(items.ids.length, plan, step * plan.batchSize + position);
    const random = createRandom(plan.seed, 'augmentation', plan.fold, step, position);
    const augmentation = drawAugmentation(plan.augmentation, random);
    const image = images.subarray(position * imageSize, (position + 1) * imageSize);
    resampleImage(items.images.subarray(item * imageSize, (item + 1) * imageSize), image, {
      plane: { height, width, channels },
      augmentation,
    });
    changeIntensity(image, augmentation, random);
    teaching.put(item, { position, augmentation });
  }
  return { images, ...teaching.batch };
}

interface Teaching {
  readonly batch: Omit<LabelBatch, 'images'> | Omit<SoftBatch, 'images'>;
  readonly put: (item: number, place: { position: number; augmentation: Augmentation }) => void;
}

/** What the images of a batch are taught, augmented as they are; the class of a whole image is not moved. */
function createTeaching(items: PreparedItems | SoftItems, batchSize: number): Teaching {
  const pixels = items.labelHeight * items.labelWidth;
  const plane = { height: items.labelHeight, width: items.labelWidth, channels: 1 };
  const partOf = <Values extends Uint8Array | Int32Array | Float32Array>(values: Values, i: number, size: number) =>
    values.subarray(i * size, (i + 1) * size) as Values;
  if ('labels' in items) {
    const labels = new Int32Array(batchSize * pixels);
    const put: Teaching['put'] = (item, { position, augmentation }) => {
      const [source, target] = [partOf(items.labels, item, pixels), partOf(labels, position, pixels)];
      if (pixels === 1) target[0] = source[0]!;
      else resampleLabels(source, target, { plane, augmentation });
    };
    return { batch: { labels }, put };
  }
  const { classCount } = items;
  const size = pixels * classCount;
  const targets = new Float32Array(batchSize * size);
  const put: Teaching['put'] = (item, { position, augmentation }) => {
    const [source, target] = [partOf(items.levels, item, size), partOf(targets, position, size)];
    if (pixels === 1) source.forEach((level, c) => (target[c] = level / 255));
    else resampleLevels(source, target, { plane: { ...plane, channels: classCount }, augmentation });
  };
  return { batch: { targets }, put };
}

/** The item at a place in the endless sequence of shuffled epochs. */
function itemAt(count: number, { seed, fold }: BatchPlan, place: number): number {
  const epoch = Math.floor(place / count);
  return epochOrder(count, `${seed} ${fold} ${epoch}`)[place % count]!;
}

let lastOrder: { words: string; order: readonly number[] } | undefined;

/** The order of an epoch, remembered while it lasts: a shuffle a sample would cost more than the sample. */
function epochOrder(count: number, words: string): readonly number[] {
  if (lastOrder?.words === words && lastOrder.order.length === count) return lastOrder.order;
  const order = createRandom('epoch', words).shuffled(Array.from({ length: count }, (_, i) => i));
  lastOrder = { words, order };
  return order;
}
