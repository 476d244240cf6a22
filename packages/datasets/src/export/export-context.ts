import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { DatasetItem, DatasetVersion } from '@probity/core/schemas/dataset-version';
import { mapLimited } from '../map-limited.js';

/** Items read and written at once. */
const PARALLEL = 8;

/** What each format is given to write with. */
export interface ExportContext {
  readonly store: ArtifactStore;
  /** Filtered. */
  readonly version: DatasetVersion;
  /** The temporary folder. */
  readonly folder: string;
  /** Item id → file name without ending. */
  readonly names: ReadonlyMap<string, string>;
  readonly onItem: () => void;
  readonly signal?: AbortSignal | undefined;
}

export async function writeExportFile(
  { folder }: ExportContext,
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
}

/** Copies a stored file byte for byte; the store checks its digest. */
export async function copyBlob(context: ExportContext, ref: ArtifactRef, path: string): Promise<void> {
  await writeExportFile(context, path, await context.store.get(ref));
}

/** Runs `work` on each item, some at once; results in the order of the items. */
export async function forEachItem<T>(context: ExportContext, work: (item: DatasetItem) => Promise<T>): Promise<T[]> {
  return mapLimited(context.version.items, PARALLEL, async (item) => {
    context.signal?.throwIfAborted();
    const result = await work(item);
    context.onItem();
    return result;
  });
}
