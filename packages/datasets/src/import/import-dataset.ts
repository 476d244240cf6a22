import { ProbityError, requireInput } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { DatasetVersion, SetAside } from '@probity/core/schemas/dataset-version';
import { storeImportedVersion, type ImportedVersion } from '../versions/store-imported-version.js';
import { checkEntries, type CheckedItem } from './check-entries.js';
import { duplicateIds } from './folder-files.js';
import { compare, requireNoFaults } from './import-fault.js';
import { listSources } from './list-sources.js';
import { resolveClasses, type MaskValues } from './resolve-classes.js';
import { settleDuplicates, type DuplicatePolicy } from './settle-duplicates.js';
import type { ImportLayout } from './source-listing.js';
import { storeItems } from './store-items.js';
import { summariseImport, type ImportSummary } from './summarise-import.js';

export interface ImportRequest {
  readonly store: ArtifactStore;
  readonly folder: string;
  /** Of the data set: lower-case letters, digits, hyphens. */
  readonly name: string;
  /** Detected from the files unless given. */
  readonly layout?: ImportLayout | undefined;
  readonly groupColumn?: string | undefined;
  /** Class names, background first for segmentation. */
  readonly classes?: readonly string[] | undefined;
  /** Default `class-index`. */
  readonly maskValues?: MaskValues | undefined;
  /** Width × height above which an image is refused unopened; default 100 million. */
  readonly pixelsMax?: number | undefined;
  /** Unlabelled images that cannot be read are set aside and listed instead of refused. Default false. */
  readonly setAsideBroken?: boolean | undefined;
  /** Default `refuse`. */
  readonly duplicates?: DuplicatePolicy | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportProgress {
  readonly stage: 'checking' | 'storing';
  readonly done: number;
  readonly total: number;
}

export interface ImportResult extends ImportedVersion {
  readonly summary: ImportSummary;
}

/**
 * Imports a folder of images as a data set. Every file is opened and checked first and all faults are reported at
 * once; only then are images and masks stored, and last the version that makes the data set exist. So nothing is
 * imported by half, and the same folder again is a no-op.
 *
 * @throws {ProbityError} `DATASET_INVALID` with every fault in `details.faults`; `DATASET_MISSING` for no such folder;
 *   `ARTIFACT_EXISTS` where other data has the name; `INVALID_INPUT` for options that do not fit.
 */
export async function importDataset(request: ImportRequest): Promise<ImportResult> {
  const { store, folder, name, classes, signal, pixelsMax, maskValues = 'class-index' } = request;
  requireInput(
    /^[a-z0-9][a-z0-9-]{0,62}$/.test(name),
    `Cannot name a data set "${name}": use lower-case letters, digits and hyphens, 63 at most`,
  );
  const listing = await listSources(request);
  const progress = (stage: ImportProgress['stage'], total: number) => {
    let done = 0;
    return () => request.onProgress?.({ stage, done: ++done, total });
  };

  const checked = await checkEntries(listing.entries, {
    folder,
    pixelsMax,
    signal,
    setAsideBroken: request.setAsideBroken ?? false,
    onEntry: progress('checking', listing.entries.length),
  });
  const resolved = resolveClasses(listing, checked.items, { classes, maskValues });
  const duplicates = settleDuplicates(checked.items, request.duplicates ?? 'refuse');
  const faults = [
    ...listing.faults,
    ...checked.faults,
    ...resolved.faults,
    ...duplicates.faults,
    ...clashingSlices(checked.items, listing.faults.length),
  ];
  requireNoFaults(faults, { name, folder });

  const dropped = new Set(duplicates.dropped.map(({ id }) => id));
  const kept = checked.items.filter(({ id }) => !dropped.has(id)).sort((a, b) => compare(a.id, b.id));
  if (kept.length === 0)
    throw new ProbityError(
      'DATASET_INVALID',
      `Cannot import data set "${name}": ${folder} holds no image that can be used`,
    );
  const items = await storeItems(kept, {
    store,
    folder,
    pixelsMax,
    signal,
    classes: resolved.classes,
    maskValues,
    mergedGroups: duplicates.mergedGroups,
    onEntry: progress('storing', new Set(kept.map(({ entry }) => entry)).size),
  });
  const setAside: SetAside[] = [...checked.setAside, ...duplicates.dropped].sort((a, b) => compare(a.id, b.id));
  const version: DatasetVersion = {
    schemaVersion: 1,
    name,
    version: 'import',
    task: listing.task,
    classes: resolved.classes,
    items,
    setAside,
  };
  const imported = await storeImportedVersion(store, version);
  const remarks = [...listing.remarks, ...duplicates.remarks];
  return {
    ...imported,
    summary: summariseImport(imported.dataset, { layout: listing.layout, remarks, checked: kept }),
  };
}

/** Slices are named after their volume and may meet another image's id. */
function clashingSlices(items: readonly CheckedItem[], listingFaultCount: number) {
  return listingFaultCount > 0 ? [] : duplicateIds(items.map(({ id, entry }) => ({ id, image: entry.image })));
}
