import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { campaignRecordKey, campaignStudentKey } from '@probity/core/artifacts/keys';
import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { trainedStudentSchema } from '@probity/core/schemas/trained-networks';
import { writeWhole } from '@probity/datasets/export/export-target';
import { z } from 'zod';

/** How to use an exported student: what its one input and its one output are. */
export interface StudentCard {
  readonly campaign: string;
  /** Whose ensemble taught it. */
  readonly round: number;
  readonly file: 'student.onnx';
  /** Pixel values as they are stored, neither scaled nor normalised; shape (1, height, width, channels). */
  readonly input: { readonly name: 'image'; readonly dtype: 'uint8' | 'float32'; readonly shape: readonly number[] };
  /** Probability of each of the classes, 0 to 1; what is left of 1 is that of `remainder`. */
  readonly output: {
    readonly name: 'probabilities';
    readonly dtype: 'float32';
    readonly shape: readonly number[];
    readonly classes: readonly string[];
    readonly remainder: string;
  };
}

const recordSchema = z.object({ spec: z.object({ dataset: z.string() }) });

/**
 * Writes the student of a campaign as a folder of `student.onnx` and `student.json`, its card. The store alone is asked:
 * Temporal forgets campaigns after a while.
 *
 * @throws {ProbityError} `CAMPAIGN_MISSING`, `CAMPAIGN_STATE` where the campaign has no student, `INVALID_INPUT` where
 *   `out` holds something
 */
export async function exportStudent(
  store: ArtifactStore,
  { campaign, out }: { campaign: string; out: string },
): Promise<StudentCard> {
  const recordRef = await store.find(campaignRecordKey(campaign));
  if (!recordRef)
    throw new ProbityError(
      'CAMPAIGN_MISSING',
      `Cannot export the student of campaign "${campaign}": the store knows no such campaign; "probity campaign list" lists them`,
    );
  const json = async (bytes: Promise<Uint8Array>): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await bytes));
  const { spec } = recordSchema.parse(await json(store.get(recordRef)));
  const place = { datasetName: spec.dataset, campaignId: campaign };
  const studentRef = await store.find(campaignStudentKey(place, 'json'));
  if (!studentRef)
    throw new ProbityError(
      'CAMPAIGN_STATE',
      `Cannot export the student of campaign "${campaign}": it has none. One is made behind the last round where the campaign file says "student: {}"`,
    );
  const { round, image, onnx, classes, model } = trainedStudentSchema.parse(await json(store.get(studentRef)));
  const { height, width, channels, dtype } = image;
  const [remainder, ...foreground] = classes as [string, ...string[]];
  const size = model.kind === 'unet' ? [height, width] : [1, 1];
  const card: StudentCard = {
    campaign,
    round,
    file: 'student.onnx',
    input: { name: 'image', dtype, shape: [1, height, width, channels] },
    output: {
      name: 'probabilities',
      dtype: 'float32',
      shape: [1, ...size, foreground.length],
      classes: foreground,
      remainder,
    },
  };
  await writeWhole(out, async (folder) => {
    await writeFile(join(folder, card.file), await store.get(onnx));
    await writeFile(join(folder, 'student.json'), `${JSON.stringify(card, undefined, 2)}\n`);
  });
  return card;
}
