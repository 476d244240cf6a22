import { describe, expect, it } from 'vitest';
import { tinySpec } from './testing/tiny-fold.js';
import { decodeCheckpoint, encodeCheckpoint, initialState, predictingWeights } from './training-state.js';

const checkpoint = {
  step: 7,
  curve: [{ step: 7, loss: 0.25 }],
  pending: { sum: 1 / 3, count: 2 },
  batchParts: 2,
  state: initialState(tinySpec().training, Float32Array.of(1, 2.5, -3)),
};

describe('decodeCheckpoint()', () => {
  it('gives back what was encoded', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint), 'c')).toEqual(checkpoint);
  });

  it('reads a window at an odd place of a shared buffer, as file and network reads give', () => {
    const bytes = encodeCheckpoint(checkpoint);
    const shared = Buffer.alloc(bytes.length + 64);
    shared.set(bytes, 13);
    expect(decodeCheckpoint(shared.subarray(13, 13 + bytes.length), 'c')).toEqual(checkpoint);
  });

  it.each([
    ['ends early', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['is something else', () => new TextEncoder().encode('{"a":1}')],
    ['is empty', () => new Uint8Array()],
  ])('refuses a checkpoint that %s', (_, damage) => {
    expect(() => decodeCheckpoint(damage(encodeCheckpoint(checkpoint)), 'checkpoints/1')).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_CORRUPT',
        message: expect.stringContaining('checkpoint "checkpoints/1"'),
      }),
    );
  });
});

describe('predictingWeights()', () => {
  const training = { ...tinySpec().training, weightAverage: { kind: 'exponential', decay: 0.5 } as const };

  it('are the last weights where none are averaged', () => {
    const state = initialState(tinySpec().training, Float32Array.of(1, 2));
    expect([...predictingWeights(state, tinySpec().training, 3)]).toEqual([1, 2]);
  });

  it('are the average of the weights behind each step, the newest with the most weight and the initial ones with none', () => {
    const state = { ...initialState(training, Float32Array.of(100)) };
    for (const weight of [4, 8]) state['average']![0] = 0.5 * state['average']![0]! + 0.5 * weight;
    expect(predictingWeights(state, training, 2)[0]).toBeCloseTo((4 + 2 * 8) / 3, 6);
  });
});
