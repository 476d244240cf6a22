import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@probity/connections/open-store';
import { campaignRecordKey, campaignStudentKey } from '@probity/core/artifacts/keys';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { TrainedStudentRecord } from '@probity/core/schemas/trained-networks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportStudent } from './export-student.js';

let home: string;
let store: ArtifactStore;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'probity-student-'));
  store = await openStore({ kind: 'directory', directory: join(home, 'store') });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const place = { datasetName: 'lv', campaignId: 'hearts' };
const file = Uint8Array.of(8, 1, 2, 3);

async function putCampaign(student?: Partial<TrainedStudentRecord>): Promise<void> {
  await store.put(campaignRecordKey('hearts'), json({ spec: { name: 'hearts', dataset: 'lv' }, dataset: 'd' }));
  if (!student) return;
  const onnx = await store.put(campaignStudentKey(place, 'onnx'), file);
  const record: TrainedStudentRecord = {
    schemaVersion: 1,
    round: 2,
    engine: 'onnx-cpu',
    model: { kind: 'unet', baseWidth: 4, depth: 2, normalisation: 'instance' },
    weights: onnx,
    onnx,
    image: { height: 60, width: 80, channels: 1, dtype: 'uint8' },
    classes: ['background', 'wall', 'cavity'],
    curve: [],
    stepsTotal: 9,
    labelledCount: 4,
    poolCount: 7,
    ...student,
  };
  await store.put(campaignStudentKey(place, 'json'), json(record));
}
const exportTo = (name: string) => exportStudent(store, { campaign: 'hearts', out: join(home, name) });

describe('exportStudent()', () => {
  it('writes the file as it is stored, and a card that says what goes in and what comes out', async () => {
    await putCampaign({});
    const card = await exportTo('out');
    expect((await readdir(join(home, 'out'))).toSorted()).toEqual(['student.json', 'student.onnx']);
    expect(Uint8Array.from(await readFile(join(home, 'out/student.onnx')))).toEqual(file);
    expect(JSON.parse(await readFile(join(home, 'out/student.json'), 'utf8'))).toEqual(card);
    expect(card).toEqual({
      campaign: 'hearts',
      round: 2,
      file: 'student.onnx',
      input: { name: 'image', dtype: 'uint8', shape: [1, 60, 80, 1] },
      output: {
        name: 'probabilities',
        dtype: 'float32',
        shape: [1, 60, 80, 2],
        classes: ['wall', 'cavity'],
        remainder: 'background',
      },
    });
  });

  it('says of a classifier that it answers for the whole image', async () => {
    await putCampaign({ model: { kind: 'classifier', baseWidth: 4, depth: 2, normalisation: 'none' } });
    expect((await exportTo('out')).output.shape).toEqual([1, 1, 1, 2]);
  });

  it('refuses a campaign that the store does not know, and one without a student, and says what to do', async () => {
    await expect(exportTo('out')).rejects.toMatchObject({
      code: 'CAMPAIGN_MISSING',
      message: expect.stringContaining('"hearts"'),
    });
    await putCampaign();
    await expect(exportTo('out')).rejects.toMatchObject({
      code: 'CAMPAIGN_STATE',
      message: expect.stringContaining('"student: {}"'),
    });
    expect(await readdir(home)).not.toContain('out');
  });

  it('writes over nothing', async () => {
    await putCampaign({});
    await exportTo('out');
    await expect(exportTo('out')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
