import { expect, it } from 'vitest';
import { engineRemarks, passedOverRemarks } from './engine-remarks.js';

const round = (number: number, ...engines: string[]) => ({ round: number, engines });

it('has nothing to say of one engine', () => {
  expect(engineRemarks([])).toEqual([]);
  expect(engineRemarks([round(0, 'a', 'a'), round(1, 'a', 'a')])).toEqual([]);
});

it('says where the engine changed between rounds, and where folds of a round differ', () => {
  expect(engineRemarks([round(0, 'a', 'a'), round(1, 'b', 'b'), round(2, 'b', 'b')])).toEqual([
    'round 1 was trained by b, the round before by a: their difference holds that change too',
  ]);
  expect(engineRemarks([round(0, 'b', 'a')])).toEqual([
    'the folds of round 0 were trained by different engines: a and b',
  ]);
});

it('names an engine that could not be used, once for all rounds, and what trained instead', () => {
  const fold = { engine: 'onnx-cpu', passedOver: 'tensorflow-gpu' };
  expect(passedOverRemarks([{ round: 0, folds: [{ engine: 'onnx-cpu' }] }])).toEqual([]);
  expect(
    passedOverRemarks([
      { round: 0, folds: [fold, fold] },
      { round: 1, folds: [{ engine: 'tensorflow-gpu' }, fold] },
    ]),
  ).toEqual([
    'tensorflow-gpu was to train and could not be used where folds of round 0, round 1 were trained, so onnx-cpu did: "probity doctor" there says why',
  ]);
});
