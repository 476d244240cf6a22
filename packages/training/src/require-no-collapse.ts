import { ProbityError } from '@probity/core/errors';
import type { Committee } from './inference/committee.js';
import type { PreparedItems } from './items.js';
import { IGNORE_LABEL } from './losses/operating-point-loss.js';

/** As many training items as are looked at; a network that learnt anything shows it on these. */
const ITEMS_MAX = 32;

/**
 * A member that predicts one single class on the very images it was trained with, though their labels hold several,
 * has learnt nothing that a vote may count.
 *
 * @throws {ProbityError} `TRAINING_COLLAPSED`
 */
export async function requireNoCollapse({ committee, items, title }: { committee: Committee; items: PreparedItems; title: string }): Promise<void> {
  const count = Math.min(items.ids.length, ITEMS_MAX);
  const imageSize = items.height * items.width * items.channels;
  const labelSize = items.labelHeight * items.labelWidth;
  const labelled = new Set(items.labels.subarray(0, count * labelSize));
  labelled.delete(IGNORE_LABEL);
  if (labelled.size < 2) return;
  const predicted = new Set<number>();
  for (const { memberClasses } of await committee.predict(items.images.subarray(0, count * imageSize), count)) {
    for (const classIndex of memberClasses) predicted.add(classIndex);
  }
  if (predicted.size > 1) return;
  const message = `Cannot use ${title}: it predicts class ${[...predicted].join()} for every pixel of its own training images, whose labels hold ${labelled.size} classes. Train for more steps, with a lower learning rate, or with operating points nearer to 0`;
  throw new ProbityError('TRAINING_COLLAPSED', message);
}
