import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import type { ImportFault } from './import-fault.js';

export const IMPORT_LAYOUTS = ['manifest', 'folders', 'class-folders', 'labels-csv'] as const;
/**
 * `manifest`: manifest.csv with id, image, mask; `folders`: images/ and masks/ with equal names; `class-folders`: a
 * folder a class; `labels-csv`: labels.csv with file and label. Images may be NIfTI volumes in the first two.
 */
export type ImportLayout = (typeof IMPORT_LAYOUTS)[number];

/** What an export wrote of a label, read back so that a machine label stays one. */
export interface LabelOrigin {
  readonly origin: 'human' | 'machine';
  readonly round?: number;
  readonly confidence?: number;
  readonly decided?: number;
}

/** One image file, or volume, with what belongs to it; nothing is opened yet. Paths are relative, with `/`. */
export interface SourceEntry {
  readonly id: string;
  /** Absent: the item is a group of its own. */
  readonly group?: string;
  readonly image: string;
  readonly mask?: string;
  readonly ignore?: string;
  /** Classification: the class as the table or the folder names it. */
  readonly className?: string;
  readonly origin?: LabelOrigin;
  readonly volume?: NonNullable<DatasetItem['volume']>;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SourceListing {
  readonly layout: ImportLayout;
  readonly task: 'segmentation' | 'classification';
  readonly entries: readonly SourceEntry[];
  /** In order, where the folder itself names them. */
  readonly classNames?: readonly string[];
  readonly faults: readonly ImportFault[];
  /** What was decided without being asked. */
  readonly remarks: readonly string[];
}

export interface ListingOptions {
  readonly folder: string;
  readonly groupColumn?: string | undefined;
  /** Class names from the command line. */
  readonly classes?: readonly string[] | undefined;
}
