import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectEvidence } from '../ensemble/collect-evidence.js';
import { addPixels, addScores, calibrationErrorOf, createCalibrationSums } from './calibration-sums.js';
import { expectedCalibrationError, fixedBins } from './expected-calibration-error.js';
import { brierScore, negativeLogLikelihood } from './proper-scores.js';
import scores from './scores.oracle.json' with { type: 'json' };

describe('calibrationErrorOf()', () => {
  it.each(scores.cases)('agrees with the measures on arrays, pixel by pixel: $name', ({ probabilities, truths }) => {
    const sums = [createCalibrationSums(), createCalibrationSums()];
    probabilities.forEach((probability, i) =>
      addPixels(sums[i % 2]!, { probability, count: 1, trueCount: truths[i]! }),
    );
    const { ece, brier, nll, bins } = calibrationErrorOf(sums, 1);
    const arrays = { probabilities, truths, binCount: 10 };
    const two = { probabilities: probabilities.flatMap((p) => [1 - p, p]), labels: truths, classCount: 2 };
    expect(ece.value).toBeCloseTo(expectedCalibrationError(fixedBins(arrays)), 12);
    expect(brier.value).toBeCloseTo(brierScore(two) / 2, 12);
    expect(nll.value).toBeCloseTo(negativeLogLikelihood(two), 12);
    expect(bins.map(({ count }) => count)).toEqual(fixedBins(arrays).map(({ count }) => count));
  });

  it('agrees with the measures on arrays by way of evidence', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1)), { minLength: 1 }),
        (pixels) => {
          const probabilities = Float32Array.from(pixels, ([p]) => p);
          const labels = Uint8Array.from(pixels, ([, y]) => y);
          const meanScores = Float32Array.from([...probabilities].flatMap((p) => [1 - p, p]));
          const item = {
            id: 'a',
            group: 'a',
            fold: 0,
            memberClasses: labels,
            meanScores,
            labels,
            memberCount: 1,
            classCount: 2,
          };
          const sums = createCalibrationSums();
          addScores(sums, collectEvidence(item).classes[0]!.scores);
          const ece = expectedCalibrationError(fixedBins({ probabilities, truths: labels, binCount: 10 }));
          expect(calibrationErrorOf([sums], 1).ece.value).toBeCloseTo(ece, 9);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('leaves out groups and bins without pixels', () => {
    const sums = createCalibrationSums();
    addPixels(sums, { probability: 1, count: 4, trueCount: 3 });
    const { ece, bins } = calibrationErrorOf([sums, createCalibrationSums()], 1);
    expect(bins).toEqual([{ low: 0.9, high: 1, count: 4, confidence: 1, frequency: 0.75 }]);
    expect(ece).toEqual({ value: 0.25, low: 0.25, high: 0.25, level: 0.95 });
  });

  it('rejects evidence without pixels with INVALID_INPUT', () => {
    expect(() => calibrationErrorOf([createCalibrationSums()], 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
