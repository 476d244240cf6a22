import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { requireSpec } from '@probity/core/schemas/fill-spec';
import { describe, expect, it } from 'vitest';
import { estimateCost } from './estimate-cost.js';

const items = { labelledCount: 60, testCount: 40, poolCount: 900 };
const none = { labelledCount: 0, testCount: 0, poolCount: 0 };

function specWith({ ensemble, ...more }: Record<string, object> = {}): CampaignSpec {
  return requireSpec({
    name: 'estimate',
    dataset: 'hearts',
    split: { test: 1 },
    input: { height: 64, width: 64, channels: 1 },
    model: { kind: 'unet', baseWidth: 8, depth: 3 },
    training: { steps: 400, batchSize: 8 },
    ensemble: { folds: 3, operatingPoints: [-1, 0, 1], forkAt: 0.75, ...ensemble },
    rounds: { max: 1 },
    ...more,
  });
}

const secondsOf = (spec: CampaignSpec, counts = items, threads = 1) => estimateCost(spec, counts, threads).seconds;

describe('estimateCost()', () => {
  it('counts the steps of trunk and forks, of all folds and rounds', () => {
    expect(estimateCost(specWith(), items, 1)).toMatchObject({
      stepsPerFold: 300 + 3 * 100,
      stepsPerRound: 3 * 600,
      roundCount: 2,
    });
  });

  it('takes half as long on twice as many threads, and twice as long for twice the rounds', () => {
    const seconds = secondsOf(specWith());
    expect(secondsOf(specWith(), items, 2)).toBeCloseTo(seconds / 2);
    expect(secondsOf(specWith({ rounds: { max: 3 } }))).toBeCloseTo(2 * seconds);
  });

  it('spares the encoder in forks that train the decoder alone, and in all but one of its predictions', () => {
    const [all, decoder] = [specWith(), specWith({ ensemble: { forkTrains: 'decoder' } })];
    const [training, sparing] = [secondsOf(all, none), secondsOf(decoder, none)];
    expect(sparing).toBeLessThan(training);
    expect(sparing).toBeGreaterThan((2 / 3) * training); // the trunk is half of it
    const [predicting, sharing] = [secondsOf(all) - training, secondsOf(decoder) - sparing];
    expect(sharing).toBeLessThan(predicting);
    expect(sharing).toBeGreaterThan(predicting / 3); // as if three members were one
  });

  it('adds a student, which sees as much as it is told to', () => {
    const without = secondsOf(specWith());
    const student = (steps: number) => secondsOf(specWith({ student: { steps } })) - without;
    expect(student(100)).toBeGreaterThan(0);
    expect(student(200)).toBeCloseTo(2 * student(100));
  });
});
