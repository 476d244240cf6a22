import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreClassification } from './classification-scores.js';
import {
  adaptiveBins,
  classWiseCalibrationError,
  expectedCalibrationError,
  fixedBins,
} from './expected-calibration-error.js';
import { brierScore, negativeLogLikelihood } from './proper-scores.js';
import { riskCoverageArea } from './risk-coverage.js';
import oracle from './scores.oracle.json' with { type: 'json' };

const invalid = expect.objectContaining({ code: 'INVALID_INPUT' });
const anySamples = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1)), { minLength: 1 });

describe('expectedCalibrationError()', () => {
  it.each(oracle.cases)('agrees with numpy on $name', (expected) => {
    const { fixed, adaptive, classWise, classProbabilities, labels, binCount } = expected;
    expect(expectedCalibrationError(fixedBins(expected))).toBeCloseTo(fixed, 12);
    expect(expectedCalibrationError(adaptiveBins(expected))).toBeCloseTo(adaptive, 12);
    expect(classWiseCalibrationError(classProbabilities, labels, { classCount: 3, binCount })).toBeCloseTo(
      classWise,
      12,
    );
  });

  it('is 0 where every probability is certain and right, and 1 where it is certain and wrong', () => {
    const error = (truths: number[]) =>
      expectedCalibrationError(fixedBins({ probabilities: [0, 1], truths, binCount: 10 }));
    expect([error([0, 1]), error([1, 0])]).toEqual([0, 1]);
  });

  it('counts every sample once, whatever the bins', () => {
    fc.assert(
      fc.property(anySamples, fc.integer({ min: 1, max: 20 }), (samples, binCount) => {
        const arrays = { probabilities: samples.map(([p]) => p), truths: samples.map(([, y]) => y), binCount };
        for (const bins of [fixedBins(arrays), adaptiveBins(arrays)]) {
          expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(samples.length);
          expect(expectedCalibrationError(bins)).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it.each([
    ['no samples', { probabilities: [], truths: [], binCount: 10 }],
    ['a NaN', { probabilities: [NaN], truths: [1], binCount: 10 }],
    ['a probability above 1', { probabilities: [1.1], truths: [1], binCount: 10 }],
    ['shapes that disagree', { probabilities: [0.5], truths: [], binCount: 10 }],
    ['no bins', { probabilities: [0.5], truths: [1], binCount: 0 }],
  ])('rejects %s with INVALID_INPUT', (_, arrays) => {
    expect(() => fixedBins(arrays)).toThrow(invalid);
    expect(() => adaptiveBins(arrays)).toThrow(invalid);
  });
});

describe('brierScore() and negativeLogLikelihood()', () => {
  it.each(oracle.cases)('agree with scikit-learn on $name', ({ classProbabilities, probabilities, ...expected }) => {
    const three = { probabilities: classProbabilities, labels: expected.labels, classCount: 3 };
    expect(brierScore(three)).toBeCloseTo(expected.brier, 12);
    expect(negativeLogLikelihood(three)).toBeCloseTo(expected.nll, 10);
    const two = { probabilities: probabilities.flatMap((p) => [1 - p, p]), labels: expected.truths, classCount: 2 };
    expect(brierScore(two)).toBeCloseTo(2 * expected.binaryBrier, 12);
    expect(negativeLogLikelihood(two)).toBeCloseTo(expected.binaryNll, 8); // the oracle clips at both ends
  });

  it('stay finite for a certain mistake', () => {
    const mistake = { probabilities: [1, 0], labels: [1], classCount: 2 };
    expect([brierScore(mistake), negativeLogLikelihood(mistake)]).toEqual([2, -Math.log(1e-7)]);
  });

  it.each([
    ['no samples', { probabilities: [], labels: [], classCount: 2 }],
    ['shapes that disagree', { probabilities: [1], labels: [0], classCount: 2 }],
    ['a label out of range', { probabilities: [1, 0], labels: [2], classCount: 2 }],
    ['a NaN', { probabilities: [NaN, 0], labels: [0], classCount: 2 }],
  ])('reject %s with INVALID_INPUT', (_, scores) => {
    expect(() => brierScore(scores)).toThrow(invalid);
    expect(() => negativeLogLikelihood(scores)).toThrow(invalid);
  });
});

describe('riskCoverageArea()', () => {
  it.each(oracle.cases)('agrees with numpy on $name', ({ confidences, errors, riskCoverage }) => {
    expect(riskCoverageArea(confidences, errors)).toBeCloseTo(riskCoverage, 12);
  });

  it('is the error rate where all are equally sure, in any order', () => {
    expect(riskCoverageArea([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0])).toBeCloseTo(0.25, 12);
    expect(riskCoverageArea([0.5, 0.5, 0.5, 0.5], [0, 0, 0, 1])).toBeCloseTo(0.25, 12);
  });

  it('is best where errors come last', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const [confidences, errors] = [samples.map(([p]) => p), samples.map(([, wrong]) => wrong)];
        const best = riskCoverageArea(
          errors.map((wrong) => 1 - wrong),
          errors,
        );
        expect(riskCoverageArea(confidences, errors)).toBeGreaterThanOrEqual(best - 1e-12);
      }),
    );
  });

  it.each([
    ['no samples', [], []],
    ['shapes that disagree', [1], []],
    ['a NaN', [NaN], [1]],
  ])('rejects %s with INVALID_INPUT', (_, confidences, errors) => {
    expect(() => riskCoverageArea(confidences, errors)).toThrow(invalid);
  });
});

describe('scoreClassification()', () => {
  it.each(oracle.cases)('agrees with scikit-learn on $name', ({ predictions, labels, accuracy, f1, f1Macro }) => {
    const scores = scoreClassification(predictions, labels, { classCount: 3 });
    expect(scores.accuracy).toBeCloseTo(accuracy, 12);
    expect(scores.f1).toEqual(f1.map((value) => expect.closeTo(value, 12)));
    expect(scores.f1Macro).toBeCloseTo(f1Macro, 12);
  });

  it('has no F1 for a class that nobody shows', () => {
    expect(scoreClassification([0, 0], [0, 0], { classCount: 2 })).toEqual({
      accuracy: 1,
      f1: [1, undefined],
      f1Macro: 1,
    });
  });

  it.each([
    ['no samples', [], []],
    ['shapes that disagree', [1], []],
    ['a class out of range', [2], [0]],
  ])('rejects %s with INVALID_INPUT', (_, predictions, labels) => {
    expect(() => scoreClassification(predictions, labels, { classCount: 2 })).toThrow(invalid);
  });
});
