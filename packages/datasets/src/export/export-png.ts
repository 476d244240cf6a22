import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import { UNLABELLED_FOLDER } from '../import/list-folders.js';
import { LABELS_FILE } from '../import/list-labels-csv.js';
import { MANIFEST_FILE } from '../import/list-manifest.js';
import { copyBlob, forEachItem, writeExportFile, type ExportContext } from './export-context.js';
import { endingOf, exportNames } from './export-names.js';
import { sharedCells, tableColumns, type CsvRow } from './table-rows.js';
import { csvText } from './write-csv.js';

const MANIFEST_COLUMNS = ['id', 'image', 'mask', 'ignore'];

/** images/, masks/, ignore/ and manifest.csv: the layout that an import reads. */
export async function exportMasks(context: ExportContext): Promise<void> {
  const rows = await forEachItem(context, async (item): Promise<CsvRow> => {
    const { id, image, label } = item;
    const name = context.names.get(id)!;
    const imagePath = `images/${name}${endingOf(image.key)}`;
    await copyBlob(context, image, imagePath);
    const shared = { id, image: imagePath, ...sharedCells(item, MANIFEST_COLUMNS) };
    if (label?.kind !== 'mask') return shared;
    const mask = `masks/${name}.png`;
    await copyBlob(context, label.mask, mask);
    if (label.ignore === undefined) return { ...shared, mask };
    const ignore = `ignore/${name}.png`;
    await copyBlob(context, label.ignore, ignore);
    return { ...shared, mask, ignore };
  });
  await writeExportFile(context, MANIFEST_FILE, csvText(tableColumns(context.version.items, MANIFEST_COLUMNS), rows));
}

const LABEL_COLUMNS = ['id', 'file', 'label'];

/** A folder a class and labels.csv. */
export async function exportClasses(context: ExportContext): Promise<void> {
  const { classes } = context.version;
  const folders = exportNames(classes);
  const folderOf = ({ label }: DatasetItem) =>
    label?.kind === 'class' ? folders.get(classes[label.classIndex]!)! : UNLABELLED_FOLDER;
  const rows = await forEachItem(context, async (item): Promise<CsvRow> => {
    const file = `${folderOf(item)}/${context.names.get(item.id)!}${endingOf(item.image.key)}`;
    await copyBlob(context, item.image, file);
    const label = item.label?.kind === 'class' ? classes[item.label.classIndex] : undefined;
    return { id: item.id, file, label, ...sharedCells(item, LABEL_COLUMNS) };
  });
  await writeExportFile(context, LABELS_FILE, csvText(tableColumns(context.version.items, LABEL_COLUMNS), rows));
}
