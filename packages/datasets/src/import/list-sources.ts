import { readdir } from 'node:fs/promises';
import { ProbityError } from '@probity/core/errors';
import { imageFiles } from './folder-files.js';
import { listClassFolders, listFolders } from './list-folders.js';
import { LABELS_FILE, listLabelsCsv } from './list-labels-csv.js';
import { listManifest, MANIFEST_FILE } from './list-manifest.js';
import type { ImportLayout, ListingOptions, SourceListing } from './source-listing.js';

const LISTERS: Record<ImportLayout, (options: ListingOptions) => Promise<SourceListing>> = {
  manifest: listManifest,
  folders: listFolders,
  'class-folders': listClassFolders,
  'labels-csv': listLabelsCsv,
};

/** Lists what a folder holds, in the layout given or else in the one its files show. Opens no image. */
export async function listSources(
  options: ListingOptions & { readonly layout?: ImportLayout | undefined },
): Promise<SourceListing> {
  const layout = options.layout ?? (await detectLayout(options.folder));
  const needed = { manifest: MANIFEST_FILE, 'labels-csv': LABELS_FILE, folders: 'images', 'class-folders': undefined }[
    layout
  ];
  const names = await namesIn(options.folder);
  if (needed !== undefined && !names.includes(needed)) {
    throw new ProbityError('DATASET_INVALID', `Cannot import "${options.folder}" as ${layout}: it has no ${needed}`);
  }
  return LISTERS[layout](options);
}

async function detectLayout(folder: string): Promise<ImportLayout> {
  const names = await namesIn(folder);
  if (names.includes(MANIFEST_FILE)) return 'manifest';
  if (names.includes(LABELS_FILE)) return 'labels-csv';
  if (names.includes('images')) return 'folders';
  const files = await imageFiles(folder);
  if (new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0])).size >= 2)
    return 'class-folders';
  throw new ProbityError(
    'DATASET_INVALID',
    `Cannot tell the layout of "${folder}": it has no ${MANIFEST_FILE}, no ${LABELS_FILE}, no folder images and no folders of images, one a class`,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProbityError('DATASET_MISSING', `Cannot read folder "${folder}": ${reason}`, { cause });
  }
}
