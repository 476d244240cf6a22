import { describe, expect, it } from 'vitest';
import { requireSpec } from './fill-spec.js';
import { campaignSpecFileJsonSchema, campaignSpecFileSchema } from './spec-file.js';

const short = { name: 'lv', dataset: 'lv', split: { test: 8 } };

describe('campaignSpecFileSchema', () => {
  it.each([
    ['the shortest file', short],
    ['a complete file', requireSpec(short)],
    [
      'sections filled in part',
      {
        ...short,
        model: { depth: 3 },
        training: { optimiser: { weightDecay: 0 } },
        selection: { thresholds: { errorMax: 0.2 } },
        student: { model: { depth: 3 } },
      },
    ],
  ])('accepts %s', (_, given) => {
    expect(campaignSpecFileSchema.parse(given)).toEqual(given);
  });

  it.each([
    ['no test set', { ...short, split: {} }],
    ['a misspelt key', { ...short, training: { lerningRate: 1 } }],
  ])('refuses %s', (_, given) => {
    expect(campaignSpecFileSchema.safeParse(given).success).toBe(false);
  });
});

describe('campaignSpecFileJsonSchema()', () => {
  const schema = JSON.parse(JSON.stringify(campaignSpecFileJsonSchema()));

  it('requires what has no default, and allows no other keys', () => {
    expect(schema).toMatchObject({
      title: 'Probity campaign',
      required: ['name', 'dataset', 'split'],
      additionalProperties: false,
    });
    expect(schema.properties.split.required).toEqual(['test']);
  });

  it('carries descriptions and defaults for editors', () => {
    expect(schema.properties.training.properties.steps).toMatchObject({
      default: 600,
      description: 'Of one member, trunk included.',
    });
    expect(schema.properties.model.anyOf[0].properties.baseWidth.default).toBe(16);
    expect(schema.properties.model.anyOf[1].properties.baseWidth.default).toBeUndefined();
    expect(schema.properties.student).toMatchObject({
      description: expect.stringContaining('Absent: none'),
      properties: { steps: { default: 600 } },
    });
  });
});
