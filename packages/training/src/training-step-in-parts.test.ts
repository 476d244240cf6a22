import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainingShape } from './compile-step.js';
import type { Engine } from './engine/engine.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { STEPS_AT_ONCE } from './engine/onnx/steps-in-loop.js';
import { createFittedStep } from './fitted-step.js';
import { initialWeights } from './models/initial-weights.js';
import { createNetwork } from './models/network.js';
import { createLoopingEngine } from './testing/looping-engine.js';
import { withSmallMemory } from './testing/small-memory.js';
import { brightOrDark, squares, tinySpec } from './testing/tiny-fold.js';
import { initialState, type TrainingState } from './training-state.js';
import { createTrainingStepInParts } from './training-step-in-parts.js';
import { createTrainingStep, type StepFeeds, type StepResult, type TrainingStep } from './training-step.js';

let engine: Engine;
let looping: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
  looping = await createLoopingEngine();
});

const BATCH = 8;
const spec = tinySpec();
const training = { ...spec.training, batchSize: BATCH, weightAverage: { kind: 'exponential', decay: 0.9 } } as const;
const shapeOf = (kind: 'unet' | 'classifier', changes: Partial<TrainingShape> = {}): TrainingShape => {
  const { images: _images, labels: _labels, ...size } = kind === 'unet' ? squares(1) : brightOrDark(1);
  return { ...size, model: { ...spec.model, kind }, training, classCount: 2, ...changes };
};

/** The images of a batch are not alike: some are mostly foreground, one is ignored in part, and one throughout. */
function feeds(shape: TrainingShape, step: number): StepFeeds {
  const count = shape.training.batchSize;
  const { images, labels } = (shape.labelHeight === 1 ? brightOrDark : squares)(count, `step ${step}`);
  const known = Int32Array.from(labels);
  const size = known.length / count;
  if (size > 1) known.fill(255, size / 2, size);
  known.fill(255, 2 * size, 3 * size);
  return { images, labels: known, operatingPoint: Float32Array.of(0.7), learningRate: 0.01, step };
}

interface Ran {
  readonly results: readonly StepResult[];
  readonly state: TrainingState;
}

async function run(
  step: TrainingStep,
  shape: TrainingShape,
  { beforeStep, atOnce = 1 }: { beforeStep?: (step: number) => void; atOnce?: number } = {},
): Promise<Ran> {
  const { layout } = createNetwork({ model: shape.model, channels: 1, classCount: 2 });
  await step.load(initialState({ ...spec.training, ...shape.training }, initialWeights(layout, 1, 0)));
  const results = [];
  for (let i = 1; i <= 4; i += atOnce) {
    beforeStep?.(i);
    results.push(...(await step.run(Array.from({ length: atOnce }, (_, k) => feeds(shape, i + k)))));
  }
  const state = await step.state();
  await step.dispose();
  return { results, state };
}

const whole = async (shape: TrainingShape) => run(await createTrainingStep(engine, shape), shape);

/** Largest difference of two vectors, relative to the largest number. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(a[i]!));
  }
  return difference / largest;
}

/** Rounding grows with every step; after the first it is that of float32 sums. */
function expectSame(actual: Ran, expected: Ran): void {
  expected.results.forEach(({ loss, gradientNorm }, i) => {
    const limit = i === 0 ? 1e-6 : 1e-4;
    expect(Math.abs(actual.results[i]!.loss / loss - 1)).toBeLessThan(limit);
    expect(Math.abs(actual.results[i]!.gradientNorm / gradientNorm - 1)).toBeLessThan(10 * limit);
  });
  for (const [name, vector] of Object.entries(expected.state))
    expect(distance(vector, actual.state[name]!), name).toBeLessThan(0.002);
}

describe('createTrainingStepInParts()', () => {
  it.each((['unet', 'classifier'] as const).flatMap((kind) => [1, 2, 4, 8, 3].map((parts) => [kind, parts] as const)))(
    'gives loss, gradient and state of the whole batch: %s, %i parts',
    async (kind, parts) => {
      const shape = shapeOf(kind);
      expectSame(await run(await createTrainingStepInParts(engine, shape, parts), shape), await whole(shape));
    },
  );

  it('gives the gradient of the whole batch, weight by weight', async () => {
    // Without momentum, decay and clipping the velocity of the first step is the gradient.
    const sgd = { kind: 'sgd', momentum: 0, weightDecay: 0 } as const;
    const shape = shapeOf('unet', { training: { ...training, optimiser: sgd, gradientNormMax: 1e9 } });
    const first = async (step: TrainingStep) => {
      const { layout } = createNetwork({ model: shape.model, channels: 1, classCount: 2 });
      const full = { ...spec.training, ...shape.training };
      await step.load(initialState(full, initialWeights(layout, 1, 0)));
      await step.run([feeds(shape, 1)]);
      const { velocity } = await step.state();
      await step.dispose();
      return velocity!;
    };
    const gradient = await first(await createTrainingStep(engine, shape));
    for (const parts of [1, 2, 4, 8])
      expect(distance(gradient, await first(await createTrainingStepInParts(engine, shape, parts)))).toBeLessThan(1e-5);
  });

  it('leaves the encoder alone where the decoder is trained', async () => {
    const shape = shapeOf('unet', { trains: 'decoder' });
    const { encoderSize, layout } = createNetwork({ model: shape.model, channels: 1, classCount: 2 });
    const inParts = await run(await createTrainingStepInParts(engine, shape, 4), shape);
    expect(inParts.state['weights']!.slice(0, encoderSize)).toEqual(initialWeights(layout, 1, 0).slice(0, encoderSize));
    expectSame(inParts, await whole(shape));
  });
});

describe('createFittedStep()', () => {
  const shape = shapeOf('unet');
  const title = 'train fold 2';

  it.each(['compile', 'run'] as const)('halves batches until they fit: memory fails at %s', async (failsAt) => {
    const memory = withSmallMemory(engine, 3, failsAt);
    const told: number[] = [];
    const fitting = { parts: 1, title, onHalved: (parts: number) => told.push(parts) };
    const fitted = await run(await createFittedStep(memory.engine, shape, fitting), shape);
    expect(told).toEqual([2, 4]);
    expect(fitted).toEqual(await run(await createTrainingStepInParts(engine, shape, 4), shape));
    expect(memory.alive).toBe(0);
  });

  it('repeats the step that failed from the same state', async () => {
    const memory = withSmallMemory(engine, 8);
    const told: number[] = [];
    const step = await createFittedStep(memory.engine, shape, { parts: 1, title, onHalved: (n) => told.push(n) });
    const lessMemory = (i: number) => {
      if (i === 3) memory.imagesMax = 4;
    };
    const disturbed = await run(step, shape, { beforeStep: lessMemory });
    const undisturbed = await whole(shape);
    expect(told).toEqual([2]);
    expect(disturbed.results.slice(0, 2)).toEqual(undisturbed.results.slice(0, 2));
    expectSame(disturbed, undisturbed);
    expect(memory.alive).toBe(0);
  });

  it('repeats a run of several steps that failed, one by one', async () => {
    const memory = withSmallMemory(looping, 8);
    const told: number[] = [];
    const step = await createFittedStep(memory.engine, shape, { parts: 1, title, onHalved: (n) => told.push(n) });
    expect(step.stepsAtOnce).toBe(STEPS_AT_ONCE);
    const lessMemory = (i: number) => {
      if (i === 3) memory.imagesMax = 2;
    };
    const disturbed = await run(step, shape, { beforeStep: lessMemory, atOnce: 2 });
    expect(told).toEqual([2, 4]);
    expect(disturbed.results.slice(0, 2)).toEqual((await whole(shape)).results.slice(0, 2));
    expectSame(disturbed, await whole(shape));
    expect(memory.alive).toBe(0);
  });

  it('says what to lower when not even one image fits, and leaves nothing behind', async () => {
    const memory = withSmallMemory(engine, 0);
    const step = await createFittedStep(memory.engine, shape, { parts: 1, title, onHalved: () => {} });
    await expect(run(step, shape)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: /Cannot train fold 2: .*does not hold one image\. .*lower model\.baseWidth/,
    });
    await step.dispose();
    expect(memory.alive).toBe(0);
  });

  it('leaves every other error as it came', async () => {
    const step = await createFittedStep(engine, shape, { parts: 1, title, onHalved: () => {} });
    const { layout } = createNetwork({ model: shape.model, channels: 1, classCount: 2 });
    await step.load(initialState({ ...spec.training, ...training }, initialWeights(layout, 1, 0)));
    const before = structuredClone(await step.state());
    await expect(step.run([{ ...feeds(shape, 1), images: new Float32Array(3) }])).rejects.not.toHaveProperty('code');
    expect(await step.state()).toEqual(before);
    await step.dispose();
  });
});
