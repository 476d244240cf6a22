import { describe, expect, it } from 'vitest';
import {
  blobKey,
  campaignRecordKey,
  campaignStudentKey,
  campaignVersionKey,
  checkpointKey,
  checkpointPrefix,
  datasetPrefix,
  importedVersionKey,
  resultFileKey,
  resultKey,
} from './keys.js';

describe('keys', () => {
  // What stands in stores today must be found tomorrow: these are not free to change.
  it.each([
    [resultKey('gather-fold', 'abc'), 'results/gather-fold/abc/result.json'],
    [resultFileKey({ step: 'gather-fold', inputHash: 'abc' }, 'w.bin'), 'results/gather-fold/abc/w.bin'],
    [blobKey('0123', 'png'), 'blobs/01/0123.png'],
    [importedVersionKey('lv'), 'datasets/lv/import.json'],
    [campaignVersionKey({ datasetName: 'lv', campaignId: 'c', round: 2 }), 'datasets/lv/campaigns/c/round-2.json'],
    [campaignStudentKey({ datasetName: 'lv', campaignId: 'c' }, 'onnx'), 'datasets/lv/campaigns/c/student.onnx'],
    [campaignRecordKey('c'), 'campaigns/c.json'],
    [checkpointKey('abc', 70), 'checkpoints/abc/000000070.ckpt'],
  ])('build %s', (key, expected) => {
    expect(key).toBe(expected);
  });

  it('begin with the prefix that lists them', () => {
    expect(importedVersionKey('lv').startsWith(datasetPrefix('lv'))).toBe(true);
    expect(checkpointKey('abc', 7).startsWith(checkpointPrefix('abc'))).toBe(true);
    expect(datasetPrefix('lv').startsWith(datasetPrefix('l'))).toBe(false);
  });

  it('sort checkpoints by step', () => {
    expect([checkpointKey('a', 1000), checkpointKey('a', 900)].sort()).toEqual([
      checkpointKey('a', 900),
      checkpointKey('a', 1000),
    ]);
  });
});
