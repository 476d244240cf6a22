import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { trace, type TensorRecord } from '../trace.js';
import { findAlike } from './alike-nodes.js';
import { removeIdentities } from './remove-identities.js';

const inputs = { x: { shape: [4, 3], dtype: 'float32' }, y: { shape: [4, 3], dtype: 'float32' } } as const;

/** Operations of the sets of more than one. */
function alike(fn: (record: TensorRecord) => TensorRecord): string[][] {
  const sets = findAlike(removeIdentities(trace(fn, inputs)));
  return sets.filter(({ length }) => length > 1).map((nodes) => nodes.map(({ operation }) => operation));
}

describe('findAlike()', () => {
  it('finds what differs by the numbers of constants, step by step', () => {
    const found = alike(({ x }) =>
      Object.fromEntries([1, 2, 3].map((i) => [`y${i}`, tf.relu(tf.mul(x!, tf.tensor1d([i, i + 1, i + 2])))])),
    );
    expect(found.slice(0, 2)).toEqual([
      ['Multiply', 'Multiply', 'Multiply'],
      ['Relu', 'Relu', 'Relu'],
    ]);
  });

  it.each<[string, (record: TensorRecord) => TensorRecord]>([
    ['other inputs', ({ x, y }) => ({ a: tf.exp(x!), b: tf.exp(y!) })],
    ['another operation', ({ x }) => ({ a: tf.exp(x!), b: tf.sin(x!) })],
    ['another attribute', ({ x }) => ({ a: tf.sum(x!, 0, true), b: tf.sum(x!, 1, true) })],
    [
      'a constant of another shape',
      ({ x }) => ({ a: tf.mul(x!, tf.tensor1d([2, 3, 4])), b: tf.mul(x!, tf.scalar(2)) }),
    ],
    ['an input where the other has a constant', ({ x, y }) => ({ a: tf.mul(x!, y!), b: tf.mul(x!, tf.ones([4, 3])) })],
    ['more before it', ({ x }) => ({ a: tf.relu(tf.mul(tf.mul(x!, tf.tensor1d([1, 2, 3])), tf.tensor1d([4, 5, 6]))) })],
    [
      'another of several results',
      ({ x }) => Object.fromEntries(tf.split(x!, [1, 1, 1], 1).map((part, i) => [`y${i}`, tf.exp(part)])),
    ],
  ])('keeps apart what has %s', (_, fn) => {
    expect(
      alike(fn)
        .flat()
        .filter((operation) => operation !== 'Identity'),
    ).toEqual([]);
  });
});
