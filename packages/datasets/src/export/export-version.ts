import { requireInput } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import { EXPORT_CARD_FILE, type ExportCard } from '../import/exported-columns.js';
import { ledgerRows, type LedgerRow } from '../ledger/ledger-rows.js';
import { readLedger } from '../ledger/read-ledger.js';
import { writeLedger } from '../ledger/write-ledger.js';
import { filterVersion, type VersionFilter } from '../versions/filter-version.js';
import { exportCoco, type CocoInstances, type Licence } from './export-coco.js';
import { writeExportFile, type ExportContext } from './export-context.js';
import { exportNames } from './export-names.js';
import { exportClasses, exportMasks } from './export-png.js';
import { writeWhole } from './export-target.js';

export const EXPORT_FORMATS = ['png', 'coco'] as const;
/**
 * `png`: images, masks and manifest.csv, or for a classification a folder a class and labels.csv; an import reads
 * either back. `coco`: images and annotations.json, segmentation only.
 */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const LEDGER_FILE = 'ledger.parquet';

export interface ExportRequest {
  readonly store: ArtifactStore;
  /** As `readVersion` gives it. */
  readonly version: DatasetVersion;
  readonly format: ExportFormat;
  /** A folder that is empty or not there yet. */
  readonly out: string;
  readonly filter?: VersionFilter | undefined;
  /** COCO only; default `component`. */
  readonly instances?: CocoInstances | undefined;
  /** COCO only. */
  readonly licence?: Licence | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExportResult {
  readonly itemCount: number;
  readonly labelCount: number;
}

/**
 * Writes a version of a data set as files, with the ledger of exactly the labels that are exported. The folder is there
 * whole or not at all; equal versions give equal files.
 *
 * @throws {ProbityError} `INVALID_INPUT` for a folder that is not empty, a filter that leaves nothing, or a
 *   classification as COCO; `ARTIFACT_…` for what the store lacks.
 */
export async function exportVersion(request: ExportRequest): Promise<ExportResult> {
  const { store, format, out, signal, onProgress } = request;
  const filtered = filterVersion(request.version, request.filter ?? {});
  const version =
    format === 'coco' ? { ...filtered, items: filtered.items.filter(({ label }) => label !== undefined) } : filtered;
  const total = version.items.length;
  requireInput(
    total > 0,
    `Cannot export "${version.name}" ${version.version}: no ${format === 'coco' ? 'labelled item' : 'item'} passes the filter`,
  );
  return writeWhole(out, async (folder) => {
    let done = 0;
    const onItem = () => onProgress?.({ done: ++done, total });
    const context: ExportContext = {
      store,
      version,
      folder,
      names: exportNames(version.items.map(({ id }) => id)),
      onItem,
      signal,
    };
    if (format === 'coco')
      await exportCoco(context, { instances: request.instances ?? 'component', licence: request.licence });
    else if (version.task === 'segmentation') await exportMasks(context);
    else await exportClasses(context);
    const rows = await ledgerOf(store, version);
    await writeExportFile(context, LEDGER_FILE, await writeLedger(rows));
    await writeExportFile(context, EXPORT_CARD_FILE, `${JSON.stringify(cardOf(version), undefined, 2)}\n`);
    return { itemCount: total, labelCount: rows.length };
  });
}

/** The published ledger's rows of these items; an import has none yet, and what is known makes one. */
async function ledgerOf(store: ArtifactStore, version: DatasetVersion): Promise<readonly LedgerRow[]> {
  if (version.ledger === undefined) return ledgerRows(version);
  const ids = new Set(version.items.map(({ id }) => id));
  return (await readLedger(await store.get(version.ledger))).filter(({ item }) => ids.has(item));
}

function cardOf({ schemaVersion, name, version, campaignId, task, classes }: DatasetVersion): ExportCard {
  return { schemaVersion, name, version, ...(campaignId !== undefined && { campaignId }), task, classes };
}
