import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { slidingWindow } from './sliding-window.js';

const nothing = { onFailure: () => {} };

/** Tasks that end when they are told to. */
function manualTasks() {
  const pending = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const task = (index: number) =>
    new Promise<string>((resolve, reject) => {
      pending.set(index, { resolve, reject });
    });
  const end = async (index: number, error?: Error) => {
    const { resolve, reject } = pending.get(index)!;
    pending.delete(index);
    if (error) reject(error);
    else resolve(`result ${index}`);
    await new Promise((done) => setImmediate(done));
  };
  return { task, end, underWay: () => [...pending.keys()] };
}

describe('slidingWindow()', () => {
  it('keeps the window full and gives results in the order of the tasks', async () => {
    const { task, end, underWay } = manualTasks();
    const results = slidingWindow(4, { window: 2, ...nothing }, task);
    expect(underWay()).toEqual([0, 1]);
    await end(1);
    expect(underWay()).toEqual([0, 2]);
    await end(2);
    await end(0);
    await end(3);
    expect(await results).toEqual(['result 0', 'result 1', 'result 2', 'result 3']);
  });

  it('begins nothing after a failure, and throws it when all that had begun have ended', async () => {
    const { task, end, underWay } = manualTasks();
    const onFailure = vi.fn();
    const settled = vi.fn();
    const results = slidingWindow(9, { window: 3, onFailure }, task);
    results.catch(settled);
    await end(1, new Error('first'));
    expect(onFailure).toHaveBeenCalledOnce();
    await end(0, new Error('second'));
    expect(underWay()).toEqual([2]);
    expect(settled).not.toHaveBeenCalled();
    await end(2);
    await expect(results).rejects.toThrow('first');
    expect(onFailure).toHaveBeenCalledOnce();
  });

  it('never has more under way than the window, and leaves nothing out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.integer({ min: 1, max: 6 }), async (count, window) => {
        let underWay = 0;
        const results = await slidingWindow(count, { window, ...nothing }, async (index) => {
          underWay++;
          expect(underWay).toBeLessThanOrEqual(window);
          await Promise.resolve();
          underWay--;
          return index;
        });
        expect(results).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });
});
