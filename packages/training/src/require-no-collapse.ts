import { ProbityError } from '@probity/core/errors';
import type { Committee } from './inference/committee.js';
import type { PreparedItems } from './items.js';
import { IGNORE_LABEL } from './losses/operating-point-loss.js';

/** As many training items as are looked at: enough pixels of masks, enough items where each is one pixel. */
const MASKS_MAX = 32;
const CLASSES_MAX = 512;

/** Scores that follow the labels less than this (Pearson's correlation) follow them by chance. */
const CORRELATION_MIN = 0.05;

/**
 * A network that predicts one single class on the very images it was trained with, though their labels hold several, and
 * whose scores do not even follow the labels, has learnt nothing.
 *
 * The second half matters: a member at a far operating point may rightly never reach the middle (at w = 3 it marks only what
 * is foreground with probability .95), and its score still rises where the foreground is.
 *
 * @param request.committee Of this one member.
 * @throws {ProbityError} `TRAINING_COLLAPSED`
 */
export async function requireNoCollapse({
  committee,
  items,
  title,
}: {
  committee: Committee;
  items: PreparedItems;
  title: string;
}): Promise<void> {
  const sample = sampleOf(items);
  const classes = new Set(sample.labels);
  classes.delete(IGNORE_LABEL);
  if (classes.size < 2) return;
  const predictions = await committee.predict(sample.images, sample.count);
  const predicted = new Set(predictions.flatMap(({ memberClasses }) => [...new Set(memberClasses)]));
  if (predicted.size > 1) return;
  const scores = predictions.map(({ meanScores }) => meanScores);
  const classCount = (scores[0]!.length * sample.count) / sample.labels.length;
  const known = sample.labels.filter((label) => label !== IGNORE_LABEL).length;
  const chance = Math.max(CORRELATION_MIN, 2 / Math.sqrt(known));
  if ([...classes].some((c) => correlation(scores, sample.labels, { classIndex: c, classCount }) >= chance)) return;
  const message = `Cannot use ${title}: it predicts class ${[...predicted].join()} for every pixel of its own training images, whose labels hold ${classes.size} classes, and its scores do not follow them. Train for more steps, with a lower learning rate, or with operating points nearer to 0`;
  throw new ProbityError('TRAINING_COLLAPSED', message, { details: { part: title } });
}

/** Items spread evenly over all, since they may come sorted by class. */
function sampleOf({ ids, images, labels }: PreparedItems) {
  const [imageSize, labelSize] = [images.length / ids.length, labels.length / ids.length];
  const count = Math.min(ids.length, labelSize === 1 ? CLASSES_MAX : MASKS_MAX);
  const sample = { count, images: new Float32Array(count * imageSize), labels: new Uint8Array(count * labelSize) };
  for (let i = 0; i < count; i++) {
    const item = Math.floor((i * ids.length) / count);
    sample.images.set(images.subarray(item * imageSize, (item + 1) * imageSize), i * imageSize);
    sample.labels.set(labels.subarray(item * labelSize, (item + 1) * labelSize), i * labelSize);
  }
  return sample;
}

/** Pearson's correlation of a class's score with its truth over the known pixels; 0 where the score is constant. */
function correlation(
  scores: readonly Float32Array[],
  labels: Uint8Array,
  { classIndex, classCount }: { classIndex: number; classCount: number },
): number {
  const pixels = labels.length / scores.length;
  const sums = { n: 0, q: 0, qq: 0, y: 0, qy: 0 };
  labels.forEach((label, i) => {
    if (label === IGNORE_LABEL) return;
    const q = scores[Math.floor(i / pixels)]![(i % pixels) * classCount + classIndex]!;
    const y = label === classIndex ? 1 : 0;
    sums.n++;
    sums.q += q;
    sums.qq += q * q;
    sums.y += y;
    sums.qy += q * y;
  });
  const { n, q, qq, y, qy } = sums;
  const scoreVariance = qq / n - (q / n) ** 2;
  const truthVariance = y / n - (y / n) ** 2;
  // A constant score leaves rounding where its variance should be nothing.
  if (scoreVariance <= 1e-12 * (qq / n) || truthVariance <= 0) return 0;
  return (qy / n - (q / n) * (y / n)) / Math.sqrt(scoreVariance * truthVariance);
}
