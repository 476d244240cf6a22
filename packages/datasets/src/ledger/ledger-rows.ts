import type { SelectionSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import type { Thresholds } from '@probity/core/schemas/round-artifacts';

/** One label: who or what made it, when, by what, and how sure it is. */
export interface LedgerRow {
  readonly item: string;
  readonly group: string;
  readonly role: 'labelled' | 'pool' | 'test';
  readonly origin: 'human' | 'machine';
  /** Round that made a machine label. */
  readonly round: number | undefined;
  readonly campaign: string;
  /** Names of the classes the label shows. */
  readonly classes: string;
  /** Digest of the ensemble and its calibration. */
  readonly modelHash: string | undefined;
  readonly confidence: number | undefined;
  readonly decided: number | undefined;
  /** Lowest calibrated probability that was called foreground. */
  readonly threshold: number | undefined;
  readonly rule: string;
  readonly imageSha256: string;
  readonly labelSha256: string | undefined;
  readonly ignoreSha256: string | undefined;
}

export interface LedgerContext {
  readonly campaignId: string;
  readonly modelHash: string;
  readonly thresholds: readonly Thresholds[];
  readonly selection: SelectionSpec;
}

/** The ledger of a version, in the order of its items. */
export function ledgerRows(version: DatasetVersion, { campaignId, modelHash, thresholds, selection }: LedgerContext): LedgerRow[] {
  return version.items.flatMap((item): LedgerRow[] => {
    const { label } = item;
    if (!label) return [];
    const isMachine = label.origin === 'machine';
    const shown = label.kind === 'mask' ? label.classes : [label.classIndex];
    return [
      {
        item: item.id,
        group: item.group,
        role: item.role ?? 'labelled',
        origin: label.origin,
        round: label.round,
        campaign: campaignId,
        classes: shown.map((index) => version.classes[index]).join(', '),
        modelHash: isMachine ? modelHash : undefined,
        confidence: label.confidence,
        decided: label.decided,
        threshold: isMachine ? Math.min(...thresholds.map(({ foregroundMin }) => foregroundMin)) : undefined,
        rule: isMachine ? ruleOf(selection) : 'human label',
        imageSha256: item.image.sha256,
        labelSha256: label.kind === 'mask' ? label.mask.sha256 : undefined,
        ignoreSha256: label.kind === 'mask' ? label.ignore?.sha256 : undefined,
      },
    ];
  });
}

function ruleOf({ thresholds, decidedMin }: SelectionSpec): string {
  const how = thresholds.kind === 'error' ? `error at most ${thresholds.errorMax}` : `foreground from ${thresholds.foregroundMin}, background to ${thresholds.backgroundMax}`;
  return `${how}; at least ${decidedMin} decided`;
}
