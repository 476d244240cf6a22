import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { operations } from './operations.js';
import type { Graph } from './graph.js';
import { loadSavedModel } from './testing/run-saved-model.js';
import { tensorFlow, tensorFlowTitle } from './testing/tensor-flow-binding.js';
import { exactly } from './testing/test-inputs.js';
import type { SavedModelOptions, SavedModelSignature } from './write-saved-model.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('README.md', () => {
  it.each(['train', 'saved-model', 'channel-block'])('shows the example "%s" as it is', async (name) => {
    const example = await readFile(new URL(`../examples/${name}.mjs`, import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`js\n${example}\`\`\``);
  });

  it('shows an example that runs and learns', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const path = '../examples/train.mjs'; // a variable, since a plain JavaScript file has no types
    const { losses } = (await import(/* @vite-ignore */ path)) as { losses: number[] };
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
    expect(losses.at(-1)).toBeLessThan(0.2 * losses[0]!);
  });

  it('shows how a training step is written for TensorFlow', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const path = '../examples/saved-model.mjs';
    const { files, run } = (await import(/* @vite-ignore */ path)) as {
      files: ReadonlyMap<string, Uint8Array>;
      run: SavedModelSignature;
    };
    log.mockRestore();
    expect([...files.keys()]).toEqual(['saved_model.pb']);
    expect(Object.keys(run.inputs)).toEqual(['learningRate', 'step', 'x', 'y']);
    expect(Object.keys(run.outputs)).toEqual(['gradientNorm', 'loss']);
  });

  it.skipIf(!tensorFlow)(`shows a step that learns ${tensorFlowTitle}`, async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const path = '../examples/saved-model.mjs';
    const { step, options } = (await import(/* @vite-ignore */ path)) as { step: Graph; options: SavedModelOptions };
    log.mockRestore();
    const model = await loadSavedModel(step, options);
    model.call('load', { weights: exactly([2], [0, 0]), velocity: exactly([2], [0, 0]) });
    const x = Array.from({ length: 16 }, (_, i) => i / 8 - 1);
    const points = {
      x: exactly([16], x),
      y: exactly(
        [16],
        x.map((value) => 3 * value - 1),
      ),
    };
    for (let i = 1; i <= 200; i++)
      model.call('run', { ...points, learningRate: exactly([], [0.05]), step: exactly([], [i]) });
    const [slope, offset] = model.call('read')['weights']!.data;
    await model.release();
    expect(slope).toBeCloseTo(3, 2);
    expect(offset).toBeCloseTo(-1, 2);
  });

  it('shows how the channel block of a machine is found', async () => {
    const path = '../examples/channel-block.mjs';
    const { channelBlock } = (await import(/* @vite-ignore */ path)) as { channelBlock: number | undefined };
    expect([undefined, 8, 16]).toContain(channelBlock);
  });

  it('lists every operation, and no other', () => {
    const table = readme.slice(readme.indexOf('## Operations'), readme.indexOf('\nWhere TensorFlow.js'));
    const listed = [...table.matchAll(/`([A-Za-z0-9_]+)`/g)].map(([, kernel]) => kernel);
    expect(listed.toSorted()).toEqual(operations.map(({ kernel }) => kernel).toSorted());
  });
});
