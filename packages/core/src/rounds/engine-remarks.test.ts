import { expect, it } from 'vitest';
import { engineRemarks, networksOf, passedOverRemarks } from './engine-remarks.js';

const round = (number: number, ...engines: string[]) => ({
  round: number,
  networks: engines.map((engine) => ({ engine })),
});

it('has nothing to say of one engine', () => {
  expect(engineRemarks([])).toEqual([]);
  expect(engineRemarks([round(0, 'a', 'a'), round(1, 'a', 'a')])).toEqual([]);
});

it('says where the engine changed between rounds, and where networks of a round differ', () => {
  expect(engineRemarks([round(0, 'a', 'a'), round(1, 'b', 'b'), round(2, 'b', 'b')])).toEqual([
    'round 1 was trained by b, the round before by a: their difference holds that change too',
  ]);
  expect(engineRemarks([round(0, 'b', 'a')])).toEqual([
    'the networks of round 0 were trained by different engines: a and b',
  ]);
});

it('names an engine that could not be used, once for all rounds, and what trained instead', () => {
  const network = { engine: 'onnx-cpu', passedOver: 'tensorflow-gpu' };
  expect(passedOverRemarks([{ round: 0, networks: [{ engine: 'onnx-cpu' }] }])).toEqual([]);
  expect(
    passedOverRemarks([
      { round: 0, networks: [network, network] },
      { round: 1, networks: [{ engine: 'tensorflow-gpu' }, network] },
    ]),
  ).toEqual([
    'tensorflow-gpu was to train and could not be used where networks of round 0, round 1 were trained, so onnx-cpu did: "probity doctor" there says why',
  ]);
});

it('knows what trained the trunk of a fold and each of its members, whose engines earlier versions did not name', () => {
  const member = { operatingPoint: 0, weights: { key: 'w', sha256: '', bytes: 4 }, curve: [] };
  expect(networksOf({ engine: 'a', passedOver: 'c', members: [member, { ...member, engine: 'b' }] })).toEqual([
    { engine: 'a', passedOver: 'c' },
    { engine: 'b', passedOver: undefined },
  ]);
});
