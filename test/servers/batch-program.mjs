// Batches of the built package, with a thread and without, in a process of plain Node: what a job does.
import { Worker } from 'node:worker_threads';
import { directBatchSource } from '../../packages/training/dist/augmentation/batch-source.js';
import {
  keepBatchThread,
  threadedBatchSource,
} from '../../packages/training/dist/augmentation/threaded-batch-source.js';

const augmentation = {
  flipHorizontal: true,
  flipVertical: true,
  rotationDegreesMax: 30,
  scaleMin: 0.8,
  scaleMax: 1.25,
  shiftFractionMax: 0.1,
  contrastMin: 0.8,
  contrastMax: 1.25,
  gammaMin: 0.8,
  gammaMax: 1.25,
  noiseStandardDeviationMax: 0.1,
};
const items = {
  ids: ['a', 'b', 'c'],
  height: 6,
  width: 6,
  channels: 1,
  labelHeight: 6,
  labelWidth: 6,
  images: Float32Array.from({ length: 108 }, (_, i) => Math.sin(i)),
  labels: Uint8Array.from({ length: 108 }, (_, i) => i % 2),
};
const { labels, ...prepared } = items;
const levels = Uint8Array.from([...labels].flatMap((label) => [255 - 100 * label, 100 * label]));
const softItems = { ...prepared, classCount: 2, levels };
const plan = { seed: 1, fold: 2, batchSize: 2, augmentation };
const bytesOf = (batch) =>
  Buffer.concat(Object.values(batch).map(({ buffer }) => Buffer.from(buffer))).toString('base64');

// A trunk, a fork behind it, a fork that is left in the middle, and one that begins at the same step again.
const ranges = [
  [0, 5, 5],
  [5, 9, 9],
  [5, 6, 9],
  [5, 9, 9],
];
async function batchesOf(source) {
  const batches = [];
  for (const [first, asked, end] of ranges) {
    source.begin(first, end, 1);
    for (let step = first; step < asked; step++) batches.push(bytesOf(await source.batch(step)));
  }
  await source.close();
  return batches;
}

/** What a source says that makes no batch, of two ranges. */
async function failuresOf(source) {
  const failures = [];
  for (let attempt = 0; attempt < 2; attempt++) {
    source.begin(0, 4, 1);
    failures.push(
      await source.batch(0).then(
        () => 'no failure',
        (error) => error.message,
      ),
    );
  }
  await source.close();
  return failures;
}

const fewer = { ...items, ids: ['a', 'b'], images: items.images.slice(0, 72), labels: labels.slice(0, 72) };
const undisturbed = [];
for (const taught of [items, fewer, softItems, items])
  undisturbed.push(...(await batchesOf(directBatchSource({ items: taught, plan }))));

const [threaded, direct] = [[], []];
for (const taught of [items, softItems]) {
  threaded.push(...(await batchesOf(threadedBatchSource({ items: taught, plan }))));
  direct.push(...(await batchesOf(directBatchSource({ items: taught, plan }))));
}
const unmakeable = await failuresOf(threadedBatchSource({ items, plan: { ...plan, batchSize: -1 } }));

// One source after the other has the same thread; one that died is replaced.
const threads = [];
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (...message) {
  if (!threads.includes(this)) threads.push(this);
  return postMessage.apply(this, message);
};
const { createBatches, drop } = keepBatchThread();
const dying = createBatches({ items, plan });
await threads[0].terminate();
const dead = await failuresOf(dying);
const afterwards = [];
for (const taught of [items, fewer, softItems, items])
  afterwards.push(...(await batchesOf(createBatches({ items: taught, plan }))));
const threadCount = threads.length;
await drop();
await createBatches({ items, plan }).close(); // the process ends all the same
process.stdout.write(JSON.stringify({ threaded, direct, unmakeable, dead, afterwards, undisturbed, threadCount }));
