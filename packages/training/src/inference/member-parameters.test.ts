import type { Graph } from '@probity/tfjs-graph/graph';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { initialWeights } from '../models/initial-weights.js';
import { createNetwork } from '../models/network.js';
import { squares, tinySpec } from '../testing/tiny-fold.js';
import { committeeGraph, createCommittee } from './committee.js';

const { model } = tinySpec();
const items = squares(2);
const { layout, encoderSize } = createNetwork({ model, channels: 1, classCount: 2 });
const first = initialWeights(layout, 1, 0);
/** A fork that trained its decoder only. */
const fork = Float32Array.from(initialWeights(layout, 2, 0), (weight, i) => (i < encoderSize ? first[i]! : weight));
const stranger = initialWeights(layout, 3, 0);

const graphOf = (members: readonly Float32Array[]): Graph =>
  committeeGraph({ model, items, classCount: 2, members, batchSize: 2 });
const convolutions = (members: readonly Float32Array[]): number =>
  graphOf(members).nodes.filter(({ operation }) => operation === 'Conv2D').length;

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

describe('memberParameters()', () => {
  it('lets equal encoders be computed once', () => {
    const ofOne = convolutions([first]);
    const ofDecoder = convolutions([first, fork]) - ofOne;
    expect(ofDecoder).toBeLessThan(ofOne);
    expect(convolutions([first, fork, stranger])).toBe(2 * ofOne + ofDecoder);
  });

  it('changes nothing of what members predict', async () => {
    const predict = async (members: readonly Float32Array[]) => {
      const committee = await createCommittee({ model, items, classCount: 2, members, batchSize: 2, engine });
      const predictions = await committee.predict(items.images, 2);
      await committee.dispose();
      return predictions;
    };
    const together = await predict([first, fork, stranger]);
    const alone = await Promise.all([first, fork, stranger].map((member) => predict([member])));
    const pixels = items.height * items.width;
    together.forEach(({ memberClasses, meanScores }, item) => {
      alone.forEach((prediction, member) =>
        expect(memberClasses.slice(member * pixels, (member + 1) * pixels)).toEqual(prediction[item]!.memberClasses),
      );
      meanScores.forEach((score, i) => {
        const mean = alone.reduce((sum, prediction) => sum + prediction[item]!.meanScores[i]!, 0) / alone.length;
        expect(score).toBeCloseTo(mean, 5);
      });
    });
  });
});
