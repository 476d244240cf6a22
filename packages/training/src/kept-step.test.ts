import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from './engine/engine.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { keepStep, type KeptStep } from './kept-step.js';
import { createLoopingEngine } from './testing/looping-engine.js';
import { withSmallMemory, type SmallMemory } from './testing/small-memory.js';
import { squares, tinySpec } from './testing/tiny-fold.js';
import { tinyRequest, trainFold } from './testing/tiny-training.js';
import { initialState } from './training-state.js';

let onnx: Engine;
beforeAll(async () => {
  onnx = await createOnnxEngine({ threads: 1 });
});

describe('keepStep()', () => {
  const { model, training } = tinySpec();
  const shape = { ...squares(1), model, training, classCount: 2 };
  let memory: SmallMemory;
  let engine: Engine;
  let compiled: number;
  let kept: KeptStep;
  beforeEach(() => {
    memory = withSmallMemory(onnx, Number.POSITIVE_INFINITY);
    compiled = 0;
    const { compile } = memory.engine;
    engine = {
      ...memory.engine,
      compile: (graph, options) => {
        compiled++;
        return compile(graph, options);
      },
    };
    kept = keepStep();
  });

  it('gives the step that was disposed of to who asks for the same one, and frees it when told', async () => {
    await (await kept.compile(engine, shape, 1)).dispose();
    const again = await kept.compile(engine, { ...shape, trains: 'all' }, 1);
    expect([compiled, memory.alive]).toEqual([1, 1]);
    await again.dispose();
    await kept.drop();
    expect(memory.alive).toBe(0);
  });

  it.each([
    ['other sizes', { ...shape, width: 8, labelWidth: 8 }, 1],
    ['another network', { ...shape, model: { ...model, baseWidth: 8 } }, 1],
    [
      'another optimiser',
      { ...shape, training: { ...training, optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 0 } } },
      1,
    ],
    ['the decoder only', { ...shape, trains: 'decoder' }, 1],
    ['another number of classes', { ...shape, classCount: 3 }, 1],
  ] as const)('compiles a step for %s, with the one before freed first', async (_, other, parts) => {
    await (await kept.compile(engine, shape, 1)).dispose();
    await (await kept.compile(engine, other, parts)).dispose();
    expect([compiled, memory.alive]).toEqual([2, 1]);
  });

  it('tells whole batches from parts, and one engine from another', async () => {
    await (await kept.compile(engine, shape, 2)).dispose();
    expect(memory.alive).toBe(3); // graphs of a step in parts
    await (await kept.compile(engine, shape, 1)).dispose();
    expect(memory.alive).toBe(1);
    await (await kept.compile({ ...engine }, shape, 1)).dispose();
    expect(compiled).toBe(5);
  });

  it('keeps none that failed', async () => {
    const step = await kept.compile(engine, shape, 1);
    await step.load(initialState(training, new Float32Array(10)));
    await expect(step.run([])).rejects.toThrow();
    await step.dispose();
    expect(memory.alive).toBe(0);
  });

  it('changes no byte of what is trained, and compiles one step for a trunk and all its members', async () => {
    const spec = tinySpec();
    const anew = await trainFold(tinyRequest(engine, { spec }));
    const compiledAnew = compiled;
    expect(await trainFold(tinyRequest(engine, { spec, compileStep: kept.compile }))).toEqual(anew);
    // Each part compiles a network to predict with; behind the first part the step is there.
    expect(compiled - compiledAnew).toBe(compiledAnew - spec.ensemble.operatingPoints.length);
  });

  it('changes no byte where a run makes several steps and the state stays where they are made', async () => {
    const looping = await createLoopingEngine();
    const request = tinyRequest(looping, { predictingEngine: onnx });
    expect(await trainFold({ ...request, compileStep: kept.compile })).toEqual(await trainFold(request));
  });

  it('changes no byte where the memory turns out to be short', async () => {
    memory.imagesMax = 2;
    const anew = await trainFold(tinyRequest(engine, { predictingEngine: onnx }));
    const again = await trainFold(tinyRequest(engine, { predictingEngine: onnx, compileStep: kept.compile }));
    expect(again).toEqual(anew);
    await kept.drop();
    expect(memory.alive).toBe(0);
  });
});
