import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { operations } from './operations.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('README.md', () => {
  it.each(['train', 'channel-block'])('shows the example "%s" as it is', async (name) => {
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
