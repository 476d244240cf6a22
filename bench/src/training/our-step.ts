import { readFile, writeFile } from 'node:fs/promises';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { createTensorFlowEngine } from '@probity/training/engine/tensorflow/tensorflow-engine';
import type { Convolutions } from '@probity/tfjs-graph/write-saved-model';
import { initialState } from '@probity/training/training-state';
import { createTrainingStep, type TrainingStep } from '@probity/training/training-step';
import { answerLines, peakMemory } from '../answer-lines.js';
import { benchmarkSpec, CLASS_COUNT } from '../benchmark-network.js';
import { syntheticBatch, type SyntheticBatch } from '../synthetic-batch.js';
import { gradientGraph } from './gradient-graph.js';

/**
 * Our training step in a process of its own, over the same wire as peer.py: load {weights, threads, baseWidth} and,
 * where TensorFlow computes it, {tensorFlow: folder of its installation, tensorFlowDevice, convolutions};
 * step → {milliseconds, loss}, gradients {offsets, images, labels, output} → {loss}, memory → {peakBytes}.
 */
interface Loaded {
  readonly engine: Engine;
  readonly step: TrainingStep;
  readonly weights: Float32Array;
  readonly batch: SyntheticBatch;
}

let spec = benchmarkSpec();
let loaded: Loaded | undefined;
let stepsDone = 0;

await answerLines({
  load: async ({
    weights: path,
    threads: count,
    baseWidth,
    tensorFlow: folder,
    tensorFlowDevice,
    convolutions = 'float32',
  }) => {
    spec = benchmarkSpec(Number(baseWidth));
    const threads = Number(count);
    const engine =
      typeof folder === 'string'
        ? await createTensorFlowEngine({
            folder,
            device: tensorFlowDevice === 'gpu' ? 'gpu' : 'cpu',
            threads,
            convolutions: convolutions as Convolutions,
          })
        : await createOnnxEngine({ threads });
    const weights = await readFloats(path);
    const { height, width, channels } = spec.input;
    const shape = { height, width, channels, labelHeight: height, labelWidth: width };
    const { model, training } = spec;
    const step = await createTrainingStep(engine, { ...shape, model, training, classCount: CLASS_COUNT });
    await step.load(initialState(training, weights));
    loaded = { engine, step, weights, batch: syntheticBatch(spec, 'disks') };
    return { parameters: weights.length };
  },
  step: async () => {
    const { step, batch } = requireLoaded();
    const feeds = {
      images: batch.images,
      labels: Int32Array.from(batch.labels),
      operatingPoint: new Float32Array(CLASS_COUNT - 1),
      learningRate: spec.training.learningRate,
      step: ++stepsDone,
    };
    const began = performance.now();
    const [result] = await step.run([feeds]);
    return { milliseconds: performance.now() - began, loss: result!.loss };
  },
  gradients: async ({ offsets, images, labels, output }) => {
    const { engine, weights } = requireLoaded();
    const executable = await engine.compile(gradientGraph(spec, CLASS_COUNT));
    const { loss, gradient } = await executable.run({
      weights,
      images: await readFloats(images),
      labels: Int32Array.from(await readFile(String(labels))),
      operatingPoint: Float32Array.from(offsets as number[]),
    });
    await executable.dispose();
    await writeFile(String(output), gradient as Float32Array);
    return { loss: loss![0] };
  },
  memory: () => Promise.resolve(peakMemory()),
});

function requireLoaded(): Loaded {
  if (!loaded) throw new Error('Bug: nothing is loaded');
  return loaded;
}

async function readFloats(path: unknown): Promise<Float32Array> {
  return new Float32Array(Uint8Array.from(await readFile(String(path))).buffer);
}
