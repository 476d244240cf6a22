/**
 * Every key of the store is built here.
 *
 * Results stand under the hash of the inputs they were made from, so whoever needs one looks before
 * computing; `result.json` is written last and marks the result as complete.
 */

/** The steps whose results are kept under the hash of their inputs. */
export type StepKind =
  | 'open-campaign'
  | 'prepare-items'
  | 'train-trunk'
  | 'train-member'
  | 'gather-fold'
  | 'predict-out-of-fold'
  | 'calibrate-round'
  | 'sweep-shard'
  | 'select-shard'
  | 'gather-selections'
  | 'publish-version'
  | 'evaluate-round'
  | 'train-student'
  | 'evaluate-student';

export const resultKey = (step: StepKind, inputHash: string): string => `results/${step}/${inputHash}/result.json`;

/** A file that belongs to a result; written before `result.json`. */
export const resultFileKey = (place: { step: StepKind; inputHash: string }, fileName: string): string =>
  `results/${place.step}/${place.inputHash}/${fileName}`;

/** Bytes named by their own digest: images and masks, shared by every data set that holds them. */
export const blobKey = (sha256: string, extension: string): string =>
  `blobs/${sha256.slice(0, 2)}/${sha256}.${extension}`;

/** The version made by `dataset import`. */
export const importedVersionKey = (datasetName: string): string => `datasets/${datasetName}/import.json`;

/** The version made at the end of a campaign's round: a pointer to the published version. */
export const campaignVersionKey = (place: { datasetName: string; campaignId: string; round: number }): string =>
  `datasets/${place.datasetName}/campaigns/${place.campaignId}/round-${place.round}.json`;

/** The campaign's student, beside its versions: what is known of it, and the network as one ONNX file. */
export const campaignStudentKey = (
  place: { datasetName: string; campaignId: string },
  extension: 'json' | 'onnx',
): string => `datasets/${place.datasetName}/campaigns/${place.campaignId}/student.${extension}`;

export const datasetPrefix = (datasetName: string): string => `datasets/${datasetName}/`;

/** Checkpoints of a running training job, newest step wins; removed when the job's result is published. */
export const checkpointPrefix = (inputHash: string): string => `checkpoints/${inputHash}/`;
export const checkpointKey = (inputHash: string, step: number): string =>
  `${checkpointPrefix(inputHash)}${String(step).padStart(9, '0')}.ckpt`;

/** What a campaign was begun with; written once, so that an id never stands for two campaigns. */
export const campaignRecordKey = (campaignId: string): string => `campaigns/${campaignId}.json`;
