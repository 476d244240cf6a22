import { readdir } from 'node:fs/promises';
import { duplicateIds, imageFiles, withoutEnding } from './folder-files.js';
import { compare, type ImportFault } from './import-fault.js';
import { filesAtOddsWith } from './list-manifest.js';
import type { ListingOptions, SourceEntry, SourceListing } from './source-listing.js';

/** images/ and masks/ with equal names, endings aside; an image without mask is an item without label. */
export async function listFolders({ folder }: ListingOptions): Promise<SourceListing> {
  const files = await imageFiles(folder);
  const images = files.filter((path) => path.startsWith('images/'));
  const masks = files.filter((path) => path.startsWith('masks/'));
  const maskOf = new Map(masks.map((path) => [withoutEnding(path).slice('masks/'.length), path]));
  const entries = images.map((image): SourceEntry => {
    const id = withoutEnding(image).slice('images/'.length);
    const mask = maskOf.get(id);
    return { id, image, ...(mask !== undefined && { mask }), attributes: {} };
  });
  const ids = new Set(entries.map(({ id }) => id));
  const orphans = masks
    .filter((path) => !ids.has(withoutEnding(path).slice('masks/'.length)))
    .map((file): ImportFault => ({ kind: 'label-without-image', file, message: 'images/ has no file of that name' }));
  const remarks = ['no table names groups: every image, or volume, is a group of its own'];
  return { layout: 'folders', task: 'segmentation', entries, faults: [...duplicateIds(entries), ...orphans], remarks };
}

/** Images in this folder have no label; an export writes it. */
export const UNLABELLED_FOLDER = '_unlabelled';

/** A folder a class, named after it; classes in alphabetical order. */
export async function listClassFolders({ folder }: ListingOptions): Promise<SourceListing> {
  const files = await imageFiles(folder);
  const classOf = (path: string) => path.slice(0, path.indexOf('/'));
  const entries = files
    .filter((path) => path.includes('/'))
    .map((image): SourceEntry => {
      const className = classOf(image);
      return { id: withoutEnding(image), image, ...(className !== UNLABELLED_FOLDER && { className }), attributes: {} };
    });
  const folders = await readdir(folder, { withFileTypes: true });
  const classNames = folders
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== UNLABELLED_FOLDER)
    .map(({ name }) => name)
    .sort(compare);
  const strays = files
    .filter((path) => !path.includes('/'))
    .map((file): ImportFault => ({ kind: 'image-without-label-row', file, message: 'it lies in no class folder' }));
  const remarks = ['no table names groups: every image is a group of its own'];
  const faults = [...duplicateIds(entries), ...strays, ...filesAtOddsWith(entries, files)];
  return { layout: 'class-folders', task: 'classification', entries, classNames, faults, remarks };
}
