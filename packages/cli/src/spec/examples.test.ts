import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { campaignSpecFileJsonSchema } from '@probity/core/schemas/spec-file';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '@probity/connections/tools-folder';
import { readSpecFile, requireSpecOfFile } from './read-spec-file.js';

const folder = join(repositoryRoot, 'examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('examples', () => {
  it.each(examples)('%s is a valid campaign file, and an editor finds its schema', async (name) => {
    const path = join(folder, name);
    expect(requireSpecOfFile(await readSpecFile(path)).name).toBe(name.replace('.yaml', ''));
    expect(readFileSync(path, 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/docs\/campaign-spec\.schema\.json\n/,
    );
  });

  it('promise no error that their labelled groups cannot keep', async () => {
    for (const name of examples) {
      const { split, selection } = requireSpecOfFile(await readSpecFile(join(folder, name)));
      if (selection.thresholds.kind !== 'error' || typeof split.labelled !== 'number') continue;
      expect(selection.thresholds.errorMax, name).toBeGreaterThanOrEqual(1 / (split.labelled + 1));
    }
  });
});

describe('docs/campaign-spec.schema.json', () => {
  it('is the schema of today: probity schema > docs/campaign-spec.schema.json', () => {
    const page: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'docs/campaign-spec.schema.json'), 'utf8'));
    expect(page).toEqual(JSON.parse(JSON.stringify(campaignSpecFileJsonSchema())));
  });
});
