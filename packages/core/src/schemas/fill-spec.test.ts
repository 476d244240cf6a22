import { describe, expect, it } from 'vitest';
import { campaignSpecSchema, type CampaignSpec } from './campaign-spec.js';
import { fillSpec, requireSpec, type SpecFault } from './fill-spec.js';

const short = { name: 'lv', dataset: 'lv', split: { test: 8 } };

function faultsOf(given: unknown): string[] {
  const filled = fillSpec(given);
  if (filled.kind === 'complete') throw new Error('Expected faults');
  return filled.faults.map(({ path, message }: SpecFault) => `${path.join('.')}: ${message}`);
}

describe('fillSpec()', () => {
  it('completes the shortest file there is', () => {
    const spec = requireSpec(short);
    expect(campaignSpecSchema.parse(spec)).toEqual(spec);
    expect(spec.training).toMatchObject({
      steps: 600,
      warmupSteps: 30,
      learningRate: 2e-3,
      optimiser: { kind: 'adamw' },
    });
    expect(spec.ensemble.operatingPoints).toHaveLength(7);
    expect(spec.split).toEqual({ labelled: 'given', test: 8 });
  });

  it('keeps what was written and fills in what stands beside it', () => {
    const spec = requireSpec({ ...short, training: { steps: 100, augmentation: { flipVertical: true } }, seed: 7 });
    expect(spec.seed).toBe(7);
    expect(spec.training).toMatchObject({ steps: 100, warmupSteps: 5, batchSize: 8 });
    expect(spec.training.augmentation).toMatchObject({ flipVertical: true, flipHorizontal: true });
  });

  it('replaces a list as a whole', () => {
    expect(requireSpec({ ...short, ensemble: { operatingPoints: [0] } }).ensemble.operatingPoints).toEqual([0]);
  });

  it('lets the network and the fate of empty items follow the task', () => {
    const spec = requireSpec({ ...short, task: 'classification' });
    expect([spec.model.kind, spec.selection.emptyItems]).toEqual(['classifier', 'accept']);
  });

  it('lets the numbers of an optimiser follow its kind', () => {
    const { training } = requireSpec({ ...short, training: { optimiser: { kind: 'sgd' } } });
    expect(training).toMatchObject({ learningRate: 0.05, optimiser: { kind: 'sgd', momentum: 0.9 } });
  });

  it('fills in fixed thresholds and an exponential weight average where their kind is asked for', () => {
    const { selection, training } = requireSpec({
      ...short,
      selection: { thresholds: { kind: 'fixed', backgroundMax: 0.2 } },
      training: { weightAverage: { kind: 'exponential' } },
    });
    expect(selection.thresholds).toEqual({ kind: 'fixed', foregroundMin: 0.8, backgroundMax: 0.2 });
    expect(training.weightAverage).toEqual({ kind: 'exponential', decay: 0.99 });
  });

  it('takes the channels from the data set unless the file says otherwise', () => {
    const channels = (given: object) =>
      (fillSpec(given, { channels: 3 }) as { spec: CampaignSpec }).spec.input.channels;
    expect(channels(short)).toBe(3);
    expect(channels({ ...short, input: { channels: 1 } })).toBe(1);
  });

  it('makes no student unless one is asked for, and then one of the kind and the steps of the members', () => {
    expect(requireSpec(short)).not.toHaveProperty('student');
    const members = { model: { baseWidth: 8 }, training: { steps: 100 } };
    const { student, model } = requireSpec({ ...short, ...members, student: {} });
    expect(student).toEqual({ steps: 100, model });
    expect(model.baseWidth).toBe(8);
    const own = requireSpec({ ...short, ...members, student: { steps: 900, model: { depth: 3 } } });
    expect(own.student).toEqual({ steps: 900, model: { ...model, depth: 3 } });
    expect(requireSpec(own)).toEqual(own);
  });

  it('leaves a complete file as it is', () => {
    const spec = requireSpec(short);
    expect(requireSpec(spec)).toEqual(spec);
  });

  it.each([
    [
      'a misspelt key',
      { ...short, training: { lerningRate: 1 } },
      ['training.lerningRate: Unknown key, did you mean "learningRate"?'],
    ],
    ['a key in the wrong place', { ...short, steps: 5 }, ['steps: Unknown key, did you mean "training.steps"?']],
    [
      'a key like no other',
      { ...short, rounds: { colour: 1 } },
      ['rounds.colour: Unknown key; known here: max, stopWhenWorseBy'],
    ],
    ['missing keys', { split: {} }, ['name: Is missing', 'dataset: Is missing', 'split.test: Is missing']],
    ['a wrong type', { ...short, seed: '1' }, ['seed: Expected number, received string']],
    [
      'an unknown kind',
      { ...short, training: { optimiser: { kind: 'adma' } } },
      ["training.optimiser.kind: Invalid discriminator value. Expected 'adamw' | 'sgd'"],
    ],
    [
      'a network that does not fit the task',
      { ...short, model: { kind: 'classifier' } },
      ['model.kind: Must be classifier for classification and unet for segmentation'],
    ],
    [
      'sizes that do not divide',
      { ...short, input: { height: 100 } },
      ['input: Height and width must divide by 2^(model.depth - 1)'],
    ],
    [
      'groups that are neither count nor names',
      { ...short, split: { test: 'all' } },
      ['split.test: Must be a number of groups, 1 or more, or a list of group names'],
    ],
    [
      'a misspelt section that has no default',
      { ...short, studnet: {} },
      ['studnet: Unknown key, did you mean "student"?'],
    ],
    [
      'a misspelt key of a student',
      { ...short, student: { step: 9 } },
      ['student.step: Unknown key, did you mean "steps"?'],
    ],
    ['a student left empty', { ...short, student: null }, ['student: Expected object, received null']],
    [
      'a student of another task',
      { ...short, student: { model: { kind: 'classifier', baseWidth: 8, depth: 3, normalisation: 'none' } } },
      ['student.model.kind: Must be that of model.kind'],
    ],
    [
      'a student too deep for its images',
      { ...short, input: { height: 120 }, student: { model: { depth: 5 } } },
      ['student.model.depth: input.height and input.width must divide by 2^(depth - 1)'],
    ],
    [
      'a student that would never leave the warm-up',
      { ...short, student: { steps: 30 } },
      ['student.steps: Must be larger than training.warmupSteps'],
    ],
    ['a section left empty', { ...short, training: null }, ['training: Expected object, received null']],
    ['a list instead of a mapping', [], [': Must be a mapping with at least name, dataset and split']],
    ['an empty file', null, [': Must be a mapping with at least name, dataset and split']],
  ])('reports %s', (_, given, faults) => {
    expect(faultsOf(given)).toEqual(faults);
  });

  it('reports several faults together', () => {
    expect(faultsOf({ ...short, sed: 1, ensemble: { fold: 5 }, gate: 'maybe' })).toEqual([
      'ensemble.fold: Unknown key, did you mean "folds"?',
      'gate: Invalid option: expected one of "automatic"|"manual"',
      'sed: Unknown key, did you mean "seed"?',
    ]);
  });

  it('takes a key named like a part of every object for an unknown key', () => {
    expect(faultsOf({ ...short, ...JSON.parse('{"constructor": 1}') })[0]).toMatch(/^constructor: Unknown key/);
  });
});

describe('requireSpec()', () => {
  it('fails with SPEC_INVALID and one line a fault', () => {
    expect(() => requireSpec({ ...short, sed: 1, seeed: 2 })).toThrow(
      expect.objectContaining({ code: 'SPEC_INVALID', message: expect.stringMatching(/\n {2}sed: .*\n {2}seeed: /) }),
    );
  });
});
