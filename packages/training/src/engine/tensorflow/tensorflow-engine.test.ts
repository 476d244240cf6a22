import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepStep } from '../../kept-step.js';
import { itRunsGraphs, scaled } from '../../testing/engine-contract.js';
import { hasTensorFlow, installedTensorFlow } from '../../testing/installed-tensorflow.js';
import { tinyRequest, trainFold, type TrainedFold } from '../../testing/tiny-training.js';
import type { Engine } from '../engine.js';
import { createOnnxEngine } from '../onnx/onnx-engine.js';
import { processorHasBfloat16 } from './bfloat16.js';
import { createTensorFlowEngine } from './tensorflow-engine.js';
import { loadTensorFlow } from './tensorflow-library.js';

/** Adds what it is fed to a sum. */
const summing = () =>
  trace(({ sum, term }) => ({ next_sum: tf.add(sum!, term!), twice: tf.mul(term!, 2) }), {
    sum: { shape: [3], dtype: 'float32' },
    term: { shape: [3], dtype: 'float32' },
  });

const train = (engine: Engine): Promise<TrainedFold> => trainFold(tinyRequest(engine));

const curvesOf = ({ trunk, members }: TrainedFold) => [trunk, ...members].flatMap(({ curve }) => curve);

describe.skipIf(!hasTensorFlow)('createTensorFlowEngine()', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTensorFlowEngine({ ...installedTensorFlow, threads: 1 });
  });

  it('says which library it is and what it computes on', () => {
    expect(engine.name).toBe('tensorflow-cpu');
    expect(engine.choice).toMatch(/^TensorFlow 2\.21\.0 at ".*-cpu", computing on the CPU$/);
  });

  itRunsGraphs(() => engine);

  it('keeps a state between runs, each executable its own', async () => {
    const compile = () => engine.compileStateful!(summing(), { state: ['sum'] });
    const [one, other] = [await compile(), await compile()] as const;
    const start = Float32Array.of(1, 2, 3);
    await one.load({ sum: start });
    await other.load({ sum: new Float32Array(3) });
    expect(await one.run([{ term: Float32Array.of(1, 1, 1) }])).toEqual([{ twice: Float32Array.of(2, 2, 2) }]);
    await other.run([{ term: Float32Array.of(5, 5, 5) }]);
    const read = await one.read();
    await one.run([{ term: Float32Array.of(1, 1, 1) }]);
    expect(read).toEqual({ sum: Float32Array.of(2, 3, 4) });
    expect(await one.read()).toEqual({ sum: Float32Array.of(3, 4, 5) });
    expect(await other.read()).toEqual({ sum: Float32Array.of(5, 5, 5) });
    expect(start).toEqual(Float32Array.of(1, 2, 3));
    await Promise.all([one.dispose(), other.dispose()]);
  });

  it('takes nothing of what was loaded: the host may write to its own memory afterwards', async () => {
    const executable = await engine.compileStateful!(summing(), { state: ['sum'] });
    const state = { sum: Float32Array.of(1, 2, 3) };
    await executable.load(state);
    state.sum.fill(9);
    expect(await executable.read()).toEqual({ sum: Float32Array.of(1, 2, 3) });
    await executable.dispose();
  });

  it('leaves no tensor, no session and no file behind, also where a run fails', async () => {
    const library = loadTensorFlow({ ...installedTensorFlow, threads: 1 }) as unknown as Record<
      'getNumOfTensors' | 'getNumOfSavedModels',
      () => number
    >;
    const before = process.env['TMPDIR'];
    const folder = await mkdtemp(join(tmpdir(), 'probity-test-'));
    process.env['TMPDIR'] = folder;
    try {
      const executable = await engine.compile(scaled());
      expect(await readdir(folder)).toEqual([]);
      const bytes = Uint8Array.of(0, 1, 2, 255);
      const fed = { bytes, factor: Float32Array.of(2), unused: new Float32Array(1) };
      await executable.run(fed);
      await expect(executable.run({ bytes })).rejects.toThrow('the graph\'s input "factor" was not fed');
      await expect(executable.run({ ...fed, factor: new Float32Array(2) })).rejects.toThrow('Shape does not match');
      await executable.dispose();
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      await rm(folder, { recursive: true });
    }
    expect(library.getNumOfTensors()).toBe(0);
    expect(library.getNumOfSavedModels()).toBe(0);
  });

  it('trains a fold as ONNX does, and to the same bytes each time, also where trunk and members share a step', async () => {
    const { compile, drop } = keepStep();
    const [first, again, onnx] = [
      await train(engine),
      await trainFold(tinyRequest(engine, { compileStep: compile })),
      await train(await createOnnxEngine({ threads: 1 })),
    ];
    await drop();
    expect(again).toEqual(first);
    expect(curvesOf(first).map(({ step }) => step)).toEqual(curvesOf(onnx).map(({ step }) => step));
    curvesOf(first).forEach(({ loss }, i) => expect(loss).toBeCloseTo(curvesOf(onnx)[i]!.loss, 3));
  });

  it('trains in bfloat16 where the processor has it, to the same bytes each time, under a name of its own', async () => {
    const asked = createTensorFlowEngine({ ...installedTensorFlow, threads: 1, convolutions: 'bfloat16' });
    if (!processorHasBfloat16()) {
      await expect(asked).rejects.toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringContaining('this processor has no instructions for it (avx512_bf16, amx_bf16). Set'),
      });
      return;
    }
    const narrow = await asked;
    expect(narrow.name).toBe('tensorflow-cpu-bfloat16');
    expect(narrow.choice).toMatch(/computing on the CPU, convolutions in bfloat16$/);
    const [first, again, wide] = [await train(narrow), await train(narrow), await train(engine)];
    expect(again).toEqual(first);
    expect(first).not.toEqual(wide);
    curvesOf(first).forEach(({ loss }, i) => expect(loss).toBeCloseTo(curvesOf(wide)[i]!.loss, 1));
  });

  it('says how long it computed', async () => {
    const before = engine.busyMilliseconds;
    const executable = await engine.compile(scaled());
    await executable.run({ bytes: new Uint8Array(4), factor: Float32Array.of(2), unused: new Float32Array(1) });
    await executable.dispose();
    expect(engine.busyMilliseconds).toBeGreaterThan(before);
  });

  it('refuses other threads than the process has begun with, since the library reads them once', async () => {
    await expect(createTensorFlowEngine({ ...installedTensorFlow, threads: 2 })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringMatching(/for 2 thread\(s\): this process has loaded .* for 1 thread\(s\)/),
    });
  });
});

it.each([0, 1.5, Number.NaN])('refuses %d threads', async (threads) => {
  await expect(createTensorFlowEngine({ ...installedTensorFlow, threads })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});
