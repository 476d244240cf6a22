import { requireInput } from '@probity/core/errors';
import type { DatasetItem, Label } from '@probity/core/schemas/dataset-version';
import { decodeMask } from '../images/decode-mask.js';
import type { PixelSize } from '../images/encode-png.js';
import { connectedComponents } from './connected-components.js';
import { copyBlob, forEachItem, writeExportFile, type ExportContext } from './export-context.js';
import { endingOf } from './export-names.js';
import { encodeRunLength, pieceBoxes, type Pieces, type RunLength } from './run-length.js';

export const COCO_INSTANCES = ['component', 'class'] as const;
/** One annotation for each connected piece, or one for each class of an image. */
export type CocoInstances = (typeof COCO_INSTANCES)[number];

export interface Licence {
  readonly name: string;
  readonly url: string;
}

export interface CocoOptions {
  readonly instances: CocoInstances;
  readonly licence?: Licence | undefined;
}

export const ANNOTATIONS_FILE = 'annotations.json';

interface Annotation {
  readonly category_id: number;
  readonly segmentation: RunLength;
  readonly area: number;
  /** Left, top, width, height. */
  readonly bbox: readonly [number, number, number, number];
  readonly iscrowd: 0 | 1;
}

/**
 * COCO: images/ and annotations.json with run-length segmentations. Only labelled items, since an image without
 * annotations would say that it is empty. Pixels that a label ignores belong to no object: for each class they are one
 * annotation with `iscrowd` 1, which COCO's own evaluation leaves out.
 *
 * @throws {ProbityError} `INVALID_INPUT` for a classification: COCO describes regions.
 */
export async function exportCoco(context: ExportContext, { instances, licence }: CocoOptions): Promise<void> {
  const { name, version, campaignId, classes, task } = context.version;
  requireInput(
    task === 'segmentation',
    `Cannot export "${name}" as COCO: it is a classification, and COCO describes regions; use format png`,
  );
  const labelled = {
    ...context,
    version: { ...context.version, items: context.version.items.filter(({ label }) => label !== undefined) },
  };
  const described = await forEachItem(labelled, (item) => describeItem(item, context, instances));
  const images = described.map(({ image }, i) => ({
    id: i + 1,
    ...image,
    ...(licence !== undefined && { license: 1 }),
  }));
  const annotations = described.flatMap(({ annotations: own }, i) =>
    own.map((annotation) => ({ image_id: i + 1, ...annotation })),
  );
  const coco = {
    info: {
      description: `${name} ${version}${campaignId === undefined ? '' : ` of campaign ${campaignId}`}`,
      version,
      contributor: 'Probity',
    },
    licenses: licence === undefined ? [] : [{ id: 1, ...licence }],
    images,
    annotations: annotations.map((annotation, i) => ({ id: i + 1, ...annotation })),
    categories: classes.slice(1).map((category, i) => ({ id: i + 1, name: category, supercategory: '' })),
  };
  await writeExportFile(context, ANNOTATIONS_FILE, `${JSON.stringify(coco)}\n`);
}

async function describeItem(item: DatasetItem, context: ExportContext, instances: CocoInstances) {
  const { id, group, role, image, label } = item;
  const fileName = `${context.names.get(id)!}${endingOf(image.key)}`;
  await copyBlob(context, image, `images/${fileName}`);
  const described = {
    file_name: fileName,
    width: image.width,
    height: image.height,
    item: id,
    group,
    ...(role !== undefined && { role }),
  };
  if (label?.kind !== 'mask') return { image: described, annotations: [] };
  const mask = await decodeMask(await context.store.get(label.mask), { name: id });
  const ignore =
    label.ignore === undefined ? undefined : await decodeMask(await context.store.get(label.ignore), { name: id });
  const origin = {
    origin: label.origin,
    ...(label.round !== undefined && { round: label.round }),
    ...(label.confidence !== undefined && { score: label.confidence }),
  };
  const annotations = [
    ...objectsOf({ mask: mask.data, ignore: ignore?.data, size: image, label, instances }),
    ...(ignore === undefined
      ? []
      : ignoredOf({ ignore: ignore.data, size: image, classCount: context.version.classes.length })),
  ];
  return { image: described, annotations: annotations.map((annotation) => ({ ...annotation, ...origin })) };
}

interface Objects {
  readonly mask: Uint8Array | Uint16Array;
  readonly ignore: Uint8Array | Uint16Array | undefined;
  readonly size: PixelSize;
  readonly label: Extract<Label, { kind: 'mask' }>;
  readonly instances: CocoInstances;
}

function objectsOf({ mask, ignore, size, label, instances }: Objects): Annotation[] {
  const { width, height } = size;
  const foreground = label.classes.filter((index) => index > 0);
  return foreground.flatMap((category) => {
    const inside = pixelsOf(mask, ignore, category);
    if (instances === 'class')
      return annotationsOf({ numbers: inside, width, height }, { category, count: 1, iscrowd: 0 });
    const { pieces, count } = connectedComponents(inside, size);
    return annotationsOf({ numbers: pieces, width, height }, { category, count, iscrowd: 0 });
  });
}

/** 1 where the mask shows the class and nothing is ignored; a plain loop, since there are many pixels. */
function pixelsOf(mask: Objects['mask'], ignore: Objects['ignore'], category: number): Uint8Array {
  const inside = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === category && (ignore === undefined || ignore[i] === 0)) inside[i] = 1;
  }
  return inside;
}

interface Ignored {
  readonly ignore: Uint8Array | Uint16Array;
  readonly size: PixelSize;
  readonly classCount: number;
}

function ignoredOf({ ignore, size: { width, height }, classCount }: Ignored): Annotation[] {
  const numbers = Uint8Array.from(ignore, (value) => (value === 0 ? 0 : 1));
  const categories = Array.from({ length: classCount - 1 }, (_, i) => i + 1);
  return categories.flatMap((category) =>
    annotationsOf({ numbers, width, height }, { category, count: 1, iscrowd: 1 }),
  );
}

/** One annotation a piece that has pixels. */
function annotationsOf(
  pieces: Pieces,
  { category, count, iscrowd }: { category: number; count: number; iscrowd: 0 | 1 },
): Annotation[] {
  return pieceBoxes(pieces, count).flatMap((box, i) => {
    const { area, left, top, right, bottom } = box;
    if (area === 0) return [];
    const bbox = [left, top, right - left + 1, bottom - top + 1] as const;
    return [{ category_id: category, segmentation: encodeRunLength(pieces, i + 1, box), area, bbox, iscrowd }];
  });
}
