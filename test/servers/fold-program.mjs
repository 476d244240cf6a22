// Trains a fold with the built package in a process of plain Node, whose memory the test may limit.
import { readFileSync } from 'node:fs';
import { directBatchSource } from '../../packages/training/dist/augmentation/batch-source.js';
import { createOnnxEngine } from '../../packages/training/dist/engine/onnx/onnx-engine.js';
import { noAugmentation, tinySpec } from '../../packages/training/dist/testing/tiny-fold.js';
import { trainMember, trainTrunk } from '../../packages/training/dist/train-fold.js';

const [count, size] = [8, 128];
const ids = Array.from({ length: count }, (_, i) => `item ${i}`);
const labels = Uint8Array.from({ length: count * size * size }, (_, i) => {
  const [item, y, x] = [Math.floor(i / size / size), Math.floor(i / size) % size, i % size];
  return Math.abs(x - 40 - 5 * item) < 20 && Math.abs(y - 64) < 24 ? 1 : 0;
});
const images = Float32Array.from(labels, (label, i) => 2 * label - 0.5 + 0.3 * Math.sin(i * i));
const items = { ids, height: size, width: size, channels: 1, labelHeight: size, labelWidth: size, images, labels };

const tiny = tinySpec();
const spec = {
  ...tiny,
  model: { ...tiny.model, baseWidth: 16, depth: 3 },
  training: { ...tiny.training, steps: 4, batchSize: 32, learningRate: 0.003, augmentation: noAugmentation },
  ensemble: { ...tiny.ensemble, operatingPoints: [0], forkAt: 0.5 },
};

const engine = await createOnnxEngine({ threads: 1 });
const addressSpace = () => Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
const kilobytes = addressSpace();
const halvings = [];
const request = { spec, fold: 0, classCount: 2, items, engine, createBatches: directBatchSource };
const hooks = {
  report: () => undefined,
  onBatchHalved: (parts) => halvings.push(parts),
  loadCheckpoint: () => Promise.resolve(undefined),
  saveCheckpoint: () => Promise.resolve(),
};
const trunk = await trainTrunk(request, hooks);
const { curve, batchParts } = await trainMember({ ...request, trunk, operatingPoint: 0 }, hooks);
process.stdout.write(JSON.stringify({ kilobytes, halvings, batchParts, curve }));
