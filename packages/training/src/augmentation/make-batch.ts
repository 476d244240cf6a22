import { createRandom } from '@probity/core/numerics/random';
import type { AugmentationSpec } from '@probity/core/schemas/campaign-spec';
import type { Batch, PreparedItems } from '../items.js';
import { drawAugmentation } from './draw-augmentation.js';
import { changeIntensity } from './intensity.js';
import { resampleImage, resampleLabels } from './resample.js';

export interface BatchPlan {
  readonly seed: number;
  readonly fold: number;
  readonly batchSize: number;
  readonly augmentation: AugmentationSpec;
}

/**
 * The batch of one step. A pure function of the plan and the step: a resumed job, a fork and an undisturbed run see the
 * same images. Items come in epochs, each a new shuffle; an epoch may end inside a batch.
 *
 * @param step 0-based.
 */
export function makeBatch(items: PreparedItems, plan: BatchPlan, step: number): Batch {
  const { height, width, channels, labelHeight, labelWidth } = items;
  const imageSize = height * width * channels;
  const labelSize = labelHeight * labelWidth;
  const images = new Float32Array(plan.batchSize * imageSize);
  const labels = new Int32Array(plan.batchSize * labelSize);
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
    const source = items.labels.subarray(item * labelSize, (item + 1) * labelSize);
    const target = labels.subarray(position * labelSize, (position + 1) * labelSize);
    if (labelSize === 1) target[0] = source[0]!;
    else
      resampleLabels(source, target, { plane: { height: labelHeight, width: labelWidth, channels: 1 }, augmentation });
  }
  return { images, labels };
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
