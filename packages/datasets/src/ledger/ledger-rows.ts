import type { SelectionSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import type { Thresholds } from '@probity/core/schemas/round-artifacts';
import { shownClasses } from '../versions/filter-version.js';

/** One label: who or what made it, when, by which rule, and how sure it is. `undefined` is NULL in the file. */
export interface LedgerRow {
  readonly item: string;
  readonly group: string;
  /** What the campaign used the item for; absent on an import. */
  readonly role: 'labelled' | 'pool' | 'test' | undefined;
  readonly origin: 'human' | 'machine';
  /** Round that made a machine label. */
  readonly round: number | undefined;
  readonly campaign: string | undefined;
  /** Names of the classes the label shows. */
  readonly classes: readonly string[];
  /** Digest of the ensemble and its calibration. */
  readonly modelHash: string | undefined;
  readonly confidence: number | undefined;
  readonly decided: number | undefined;
  /** Per foreground class: from this calibrated probability on a pixel was called foreground. */
  readonly foregroundMin: readonly number[] | undefined;
  /** Per foreground class: up to this one it was called background; between the two it is ignored. */
  readonly backgroundMax: readonly number[] | undefined;
  readonly rule: string;
  readonly imageSha256: string;
  readonly maskSha256: string | undefined;
  readonly ignoreSha256: string | undefined;
}

export interface LedgerContext {
  readonly campaignId: string;
  readonly modelHash: string;
  readonly thresholds: readonly Thresholds[];
  readonly selection: SelectionSpec;
}

/** The ledger of a version, in the order of its items. Without context, as for an import, what made a machine label is unknown. */
export function ledgerRows(version: DatasetVersion, context?: LedgerContext): LedgerRow[] {
  return version.items.flatMap((item): LedgerRow[] => {
    const { label } = item;
    if (label === undefined) return [];
    const made = label.origin === 'machine' ? context : undefined;
    return [
      {
        item: item.id,
        group: item.group,
        role: item.role,
        origin: label.origin,
        round: label.round,
        campaign: context?.campaignId ?? version.campaignId,
        classes: shownClasses(label).map((index) => version.classes[index]!),
        modelHash: made?.modelHash,
        confidence: label.confidence,
        decided: label.decided,
        foregroundMin: made?.thresholds.map(({ foregroundMin }) => foregroundMin),
        backgroundMax: made?.thresholds.map(({ backgroundMax }) => backgroundMax),
        rule:
          label.origin === 'human'
            ? 'human label'
            : made === undefined
              ? 'imported machine label'
              : ruleOf(made.selection),
        imageSha256: item.image.sha256,
        maskSha256: label.kind === 'mask' ? label.mask.sha256 : undefined,
        ignoreSha256: label.kind === 'mask' ? label.ignore?.sha256 : undefined,
      },
    ];
  });
}

function ruleOf({ thresholds, decidedMin }: SelectionSpec): string {
  const how =
    thresholds.kind === 'error'
      ? `expected error at most ${thresholds.errorMax}`
      : `foreground from ${thresholds.foregroundMin}, background to ${thresholds.backgroundMax}`;
  return `${how}; at least ${decidedMin} decided`;
}
