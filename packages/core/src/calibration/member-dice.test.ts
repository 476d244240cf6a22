import { describe, expect, it } from 'vitest';
import { collectEvidence } from '../ensemble/collect-evidence.js';
import type { ItemEvidence } from '../schemas/round-artifacts.js';
import { centreShift, memberDice } from './member-dice.js';

/** Two members over four pixels. */
function item(group: string, { votes, labels }: { votes: [number[], number[]]; labels: number[] }): ItemEvidence {
  return collectEvidence({
    id: group,
    group,
    fold: 0,
    memberClasses: Uint8Array.from(votes.flat()),
    meanScores: new Float32Array(8).fill(0.5),
    labels: Uint8Array.from(labels),
    memberCount: 2,
    classCount: 2,
  });
}

const ask = { classIndex: 1, operatingPoints: [-1, 1], seed: 1 };

describe('memberDice()', () => {
  it('is the mean over groups of the Dice of the masks of each member', () => {
    const items = [
      item('a', {
        votes: [
          [1, 1, 1, 1],
          [1, 0, 0, 0],
        ],
        labels: [1, 1, 0, 0],
      }), // 2·2/(4+2), 2·1/(1+2)
      item('b', {
        votes: [
          [1, 0, 0, 0],
          [0, 0, 0, 0],
        ],
        labels: [1, 0, 0, 0],
      }), // 1, 0
    ];
    const [sensitive, precise] = memberDice(items, ask);
    expect(sensitive).toMatchObject({ operatingPoint: -1, dice: { value: expect.closeTo((2 / 3 + 1) / 2) as number } });
    expect(precise).toMatchObject({ operatingPoint: 1, dice: { value: expect.closeTo(1 / 3) as number } });
  });

  it('pools the pixels of a group, and leaves out what is ignored', () => {
    const items = [
      item('a', {
        votes: [
          [1, 1, 0, 0],
          [1, 0, 0, 0],
        ],
        labels: [1, 255, 0, 0],
      }),
      item('a', {
        votes: [
          [0, 0, 0, 1],
          [0, 0, 0, 0],
        ],
        labels: [0, 0, 0, 0],
      }),
    ];
    expect(memberDice(items, ask)[0]!.dice!.value).toBeCloseTo(2 / 3);
    expect(memberDice(items, ask)[1]!.dice!.value).toBe(1);
  });

  it('has no score where no group shows the class', () => {
    const nothing = item('a', {
      votes: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      labels: [0, 0, 0, 0],
    });
    expect(memberDice([nothing], ask)).toEqual([{ operatingPoint: -1 }, { operatingPoint: 1 }]);
  });
});

describe('centreShift()', () => {
  const members = (dice: (number | undefined)[]) =>
    dice.map((value, i) => ({
      operatingPoint: i - 1,
      ...(value !== undefined && { dice: { value, low: value, high: value, level: 0.95 } }),
    }));

  it('goes to the member with the best Dice', () => {
    expect(centreShift(members([0.7, 0.8, 0.85]))).toBe(1);
    expect(centreShift(members([0.9, 0.8, 0.85]))).toBe(-1);
  });

  it('stays where the middle is the best or nearly, or where nothing is known', () => {
    expect(centreShift(members([0.7, 0.8, 0.7]))).toBe(0);
    expect(centreShift(members([0.7, 0.8, 0.805]))).toBe(0);
    expect(centreShift(members([undefined, undefined, undefined]))).toBe(0);
  });
});
