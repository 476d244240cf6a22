import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import { decodeImage, toChannels } from '@probity/datasets/images/decode-image';
import { decodeMask } from '@probity/datasets/images/decode-mask';
import type { ImageSizes } from '@probity/training/inference/prepare-images';

/** An item's image at the network's size, normalised. @throws {ProbityError} `IMAGE_UNREADABLE`, `ARTIFACT_…` */
export async function prepareImage(
  item: DatasetItem,
  { store, sizes, input }: { store: ArtifactStore; sizes: ImageSizes; input: CampaignSpec['input'] },
): Promise<Float32Array> {
  const image = toChannels(await decodeImage(await store.get(item.image), { name: item.id }), input.channels);
  return sizes.prepare(image.data, { source: image, input });
}

/** What an item is labelled with, at its own size: class indices, 255 where the label teaches nothing; one pixel for a class. */
export async function readLabel(
  { id, label }: DatasetItem,
  store: ArtifactStore,
): Promise<{ data: Uint8Array; height: number; width: number }> {
  if (!label) throw new Error(`Bug: item "${id}" has no label`);
  if (label.kind === 'class') return { data: Uint8Array.of(label.classIndex), height: 1, width: 1 };
  const mask = await decodeMask(await store.get(label.mask), { name: id });
  const data = new Uint8Array(mask.data);
  if (label.ignore) {
    const ignore = await decodeMask(await store.get(label.ignore), { name: id });
    ignore.data.forEach((value, i) => {
      if (value !== 0) data[i] = 255;
    });
  }
  return { data, height: mask.height, width: mask.width };
}

/** The label at the network's size, nearest pixel. */
export function resizeLabel(
  label: { data: Uint8Array; height: number; width: number },
  { height, width }: { height: number; width: number },
): Uint8Array {
  const resized = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const from = Math.floor(((row + 0.5) * label.height) / height) * label.width;
    for (let column = 0; column < width; column++)
      resized[row * width + column] = label.data[from + Math.floor(((column + 0.5) * label.width) / width)]!;
  }
  return resized;
}
