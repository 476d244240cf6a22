import { planSplit } from '@probity/core/folds/plan-split';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { ImageSizes } from '@probity/training/inference/prepare-images';
import type { PreparedItems } from '@probity/training/items';
import { resizeLabel } from '@probity/worker-gpu/jobs/prepared-image';
import { listSlices, openSlice, type OpenedSlice, type Slice } from './sunnybrook.js';

export interface TestItem extends OpenedSlice {
  readonly group: string;
}

export interface QualityData {
  /** Everything that teaches, at the network's size. */
  readonly labelled: PreparedItems;
  /** Prepared images of the test items, shape (items, height, width, 1). */
  readonly testImages: Float32Array;
  readonly testItems: readonly TestItem[];
  readonly patients: { readonly labelled: readonly string[]; readonly test: readonly string[] };
}

/** Splits the patients as a campaign with this spec would, and brings images and labels to the network's size as a campaign does. */
export async function prepareQualityData(spec: CampaignSpec, sizes: ImageSizes): Promise<QualityData> {
  const slices = await listSlices();
  const items = slices.map(({ id, group }) => ({ id, group, hasLabel: true, classes: [0, 1] }));
  const split = planSplit({ items, split: spec.split, seed: spec.seed });
  const chosen = (ids: readonly string[]) => slices.filter(({ id }) => ids.includes(id));
  const [labelled, test] = [chosen(split.labelled), chosen(split.test)];
  const patients = (part: readonly Slice[]) => [...new Set(part.map(({ group }) => group))];
  const testItems = await Promise.all(test.map(async (slice) => ({ group: slice.group, ...(await openSlice(slice)) })));
  return {
    labelled: await prepareLabelled(labelled, { spec, sizes }),
    testImages: await prepareImages(testItems, { spec, sizes }),
    testItems,
    patients: { labelled: patients(labelled), test: patients(test) },
  };
}

interface Preparation {
  readonly spec: CampaignSpec;
  readonly sizes: ImageSizes;
}

async function prepareImages(
  slices: readonly OpenedSlice[],
  { spec: { input }, sizes }: Preparation,
): Promise<Float32Array> {
  const size = input.height * input.width;
  const images = new Float32Array(slices.length * size);
  for (const [i, slice] of slices.entries())
    images.set(await sizes.prepare(slice.pixels, { source: slice, input }), i * size);
  return images;
}

async function prepareLabelled(slices: readonly Slice[], preparation: Preparation): Promise<PreparedItems> {
  const { height, width } = preparation.spec.input;
  const opened = await Promise.all(slices.map(openSlice));
  const labels = new Uint8Array(opened.length * height * width);
  opened.forEach((slice, i) =>
    labels.set(resizeLabel({ ...slice, data: slice.mask }, { height, width }), i * height * width),
  );
  const images = await prepareImages(opened, preparation);
  return {
    ids: slices.map(({ id }) => id),
    height,
    width,
    channels: 1,
    images,
    labels,
    labelHeight: height,
    labelWidth: width,
  };
}
