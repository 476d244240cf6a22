import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../../../dist');

/** Vulkan in software, as Chromium brings it along. */
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Makes the engine on WebGPU, self-test included, and computes with it. Then three steps whose state stays in
 * buffers, and the same three by way of the host; between the second and the third comes one that cannot be made.
 */
const SCRIPT = `
  const { createHash } = await import('node:crypto');
  const from = (path) => import(process.argv[1] + path);
  const { withHostState } = await from('/engine/host-state.js');
  const { createOnnxEngine } = await from('/engine/onnx/onnx-engine.js');
  const { trace } = await import('@probity/tfjs-graph/trace');
  const tf = await import('@tensorflow/tfjs');
  const { InferenceSession } = await import('onnxruntime-node');
  const { name, choice, warning, compile, compileStateful } = await createOnnxEngine({ threads: 1, device: 'webgpu' });

  const graph = trace(({ bytes }) => Object.fromEntries(tf.split(bytes, 16).map((part, i) => ['y' + i, tf.square(part)])), {
    bytes: { shape: [16], dtype: 'uint8' },
  });
  const results = await (await compile(graph)).run({ bytes: Uint8Array.from({ length: 16 }, (_, i) => i) });
  const squares = Object.values(results).map(([square]) => square);

  const places = [];
  const { run } = InferenceSession.prototype;
  InferenceSession.prototype.run = function (tensors, ...rest) {
    places.push(tensors.weights.location);
    return run.call(this, tensors, ...rest);
  };
  const numbers = { shape: [1000], dtype: 'float32' };
  const step = trace(
    ({ weights, images }) => {
      const loss = tf.sum(tf.square(tf.mul(weights, images)));
      return { next_weights: tf.sub(weights, tf.mul(images, tf.div(loss, 1000))), loss };
    },
    { weights: numbers, images: numbers },
  );
  const [weights, images] = [7, 11].map((by) => Float32Array.from({ length: 1000 }, (_, i) => ((i * by) % 13) / 13));
  const read = async (executable) => {
    const hash = createHash('sha256');
    for (const vector of Object.values(await executable.read())) hash.update(vector);
    return hash.digest('hex');
  };
  const train = async (executable) => {
    places.length = 0;
    await executable.load({ weights });
    const losses = [];
    const makeStep = async () => losses.push((await executable.run([{ images }]))[0].loss[0]);
    await makeStep();
    await makeStep();
    const before = await read(executable);
    const failure = await executable.run([{ images: new Float32Array(3) }]).catch(({ name }) => name);
    const isKept = before === (await read(executable));
    await makeStep();
    return { losses, failure, isKept, state: await read(executable), places: [...places] };
  };
  const [there, here] = [await compileStateful(step, { state: ['weights'] }), withHostState(await compile(step), ['weights'])];
  console.log(JSON.stringify({ name, choice, warning, squares, there: await train(there), here: await train(here) }));
  process.exit(0);`;

interface Trained {
  readonly losses: readonly number[];
  readonly failure: string;
  readonly isKept: boolean;
  /** Its digest. */
  readonly state: string;
  readonly places: readonly string[];
}

interface Printed {
  readonly squares: readonly number[];
  readonly there: Trained;
  readonly here: Trained;
}

/** In a process of its own: a driver that fails takes the process along. */
async function printedOnWebGpu(): Promise<Printed> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT, dist], {
    cwd: dist,
    env: { ...process.env, VK_ICD_FILENAMES: SOFTWARE_DRIVER },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Printed;
}

describe('createOnnxEngine() on a device', () => {
  describe.skipIf(!existsSync(SOFTWARE_DRIVER))('WebGPU in software', () => {
    let printed: Printed;
    beforeAll(async () => {
      printed = await printedOnWebGpu();
    }, 240_000);

    it('trains as on the CPU, and splits what its programs cannot write at once', () => {
      expect(printed).toMatchObject({
        name: 'onnx-webgpu',
        choice: expect.stringMatching(/^onnxruntime .*device webgpu, self-test passed$/),
        squares: Array.from({ length: 16 }, (_, i) => i * i),
      });
      expect(printed).not.toHaveProperty('warning');
    });

    it('leaves the state of training steps there, to the bit what it is by way of the host', () => {
      const { places, ...there } = printed.there;
      const { places: placesByHost, ...here } = printed.here;
      expect(there).toEqual(here);
      expect(new Set(there.losses).size).toBe(3);
      // Step, step, read, read, step, read: the step that failed came not so far.
      expect(places).toEqual(['cpu', ...Array.from({ length: 5 }, () => 'gpu-buffer')]);
      expect(placesByHost).toEqual(['cpu', 'cpu', 'cpu']);
    });

    it('is where it was when a step fails', () => {
      expect(printed.there).toMatchObject({ isKept: true, failure: expect.stringMatching(/Error$/) });
    });
  });
});
