import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemEvidenceSchema } from '../schemas/round-artifacts.js';
import { collectEvidence, type OutOfFoldPrediction } from './collect-evidence.js';
import oracle from './collect-evidence.oracle.json' with { type: 'json' };

const small: OutOfFoldPrediction = {
  id: 'a',
  group: 'g',
  fold: 0,
  memberCount: 2,
  classCount: 2,
  memberClasses: Uint8Array.of(1, 1, 0, 0, /* second member */ 1, 0, 0, 1),
  meanScores: Float32Array.of(0, 1, 0.5, 0.5, 1, 0, 0.25, 0.75),
  labels: Uint8Array.of(1, 0, 0, 255),
};

describe('collectEvidence()', () => {
  it.each(oracle.cases)(
    'agrees with numpy on $name',
    ({ memberClasses, meanScores, labels, memberCount, classCount, classes }) => {
      const evidence = collectEvidence({
        id: 'a',
        group: 'g',
        fold: 1,
        memberClasses: Uint8Array.from(memberClasses),
        meanScores: Float32Array.from(meanScores),
        labels: Uint8Array.from(labels),
        memberCount,
        classCount,
      });
      classes.forEach((expected, i) => {
        expect(evidence.classes[i]!.patterns).toEqual(expected.patterns);
        expect(evidence.classes[i]!.scores.map(([bin]) => bin)).toEqual(expected.scores.map(([bin]) => bin));
        evidence.classes[i]!.scores.flat().forEach((value, j) =>
          expect(value).toBeCloseTo(expected.scores.flat()[j]!, 5),
        );
      });
    },
  );

  it('sets bit i where member i votes, and leaves ignored pixels out', () => {
    expect(collectEvidence(small).classes[0]!.patterns).toEqual([
      [0, 1, 0],
      [1, 1, 0],
      [3, 1, 1],
    ]);
  });

  it('puts a score of exactly 1 into the last bin', () => {
    expect(collectEvidence(small).classes[0]!.scores.at(-1)).toEqual([49, 1, 1, 1, 0, 0]);
  });

  it('yields empty counts where every pixel is ignored', () => {
    const evidence = collectEvidence({ ...small, labels: new Uint8Array(4).fill(255) });
    expect(evidence.classes).toEqual([{ classIndex: 1, patterns: [], scores: [] }]);
  });

  it('counts every pixel once, in patterns and in bins, and obeys the schema', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 1,
        }),
        (pixels) => {
          const evidence = collectEvidence({
            ...small,
            classCount: 3,
            memberClasses: Uint8Array.from([...pixels.map(([a]) => a), ...pixels.map(([, b]) => b)]),
            meanScores: Float32Array.from(pixels.flatMap(([, , , q]) => [1 - q, q / 2, q / 2])),
            labels: Uint8Array.from(pixels.map(([, , label]) => label)),
          });
          itemEvidenceSchema.parse(evidence);
          for (const { patterns, scores } of evidence.classes) {
            expect(patterns.reduce((sum, [, count]) => sum + count, 0)).toBe(pixels.length);
            expect(scores.reduce((sum, [, count]) => sum + count, 0)).toBe(pixels.length);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    ['no pixels', { labels: new Uint8Array(0) }, 'no pixels'],
    ['too few votes', { memberClasses: Uint8Array.of(1) }, '1 votes'],
    ['too few scores', { meanScores: Float32Array.of(1) }, '1 scores'],
    ['a label out of range', { labels: Uint8Array.of(0, 1, 2, 0) }, 'a label'],
    ['a vote out of range', { memberClasses: new Uint8Array(8).fill(2) }, 'a vote'],
    ['a NaN score', { meanScores: new Float32Array(8).fill(NaN) }, 'a score'],
    ['sixteen members', { memberCount: 16 }, '16 members'],
    ['one class', { classCount: 1 }, '1 classes'],
  ])('rejects %s with INVALID_INPUT', (_, wrong, message) => {
    expect(() => collectEvidence({ ...small, ...wrong })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(message) }),
    );
  });
});
