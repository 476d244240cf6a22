import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { pseudoLabelMask } from '@probity/core/pseudo-labels/pseudo-label-mask';
import { selectItem, type ItemSelection } from '@probity/core/pseudo-labels/select-item';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import type { Label } from '@probity/core/schemas/dataset-version';
import {
  calibrationSchema,
  sweptShardSchema,
  type Calibration,
  type SelectedShard,
  type SweptShard,
} from '@probity/core/schemas/round-artifacts';
import { selectShardRequestSchema, type SelectShardRequest } from '@probity/core/schemas/steps';
import { decodeMask } from '@probity/datasets/images/decode-mask';
import { encodeGreyPng } from '@probity/datasets/images/encode-png';
import { mapLimited } from '@probity/datasets/map-limited';
import { z } from 'zod';
import { asActivity } from './as-activity.js';
import { once, readJson, type ResultPlace } from './once.js';

const selectResultSchema = z.object({
  selection: artifactRefSchema,
  acceptedCount: z.int(),
  ignoredCount: z.int(),
  setAsideCount: z.int(),
});

/** While one mask is written another is made: most of the time goes into waiting for the store. */
const ITEMS_AT_ONCE = 8;

/** Accepts or ignores each item of a shard, and writes the masks that the next round is taught. */
export const selectShard = (store: ArtifactStore) =>
  asActivity(selectShardRequestSchema, async (request, { signal }) => {
    const { spec, round, shard, predictions, calibration: calibrationRef } = request;
    const inputs = {
      predictions: predictions.sha256,
      calibration: calibrationRef.sha256,
      selection: spec.selection,
      round,
    };
    return once(
      { store, step: 'select-shard', version: 1, inputs, schema: selectResultSchema, signal },
      async (place) => {
        const swept = await readJson(store, predictions, sweptShardSchema);
        const calibration = await readJson(store, calibrationRef, calibrationSchema);
        const decisions: SelectedShard['decisions'] = await mapLimited(swept.items, ITEMS_AT_ONCE, (item) =>
          decide(item, { request, calibration, place, store }),
        );
        const selected: SelectedShard = { schemaVersion: 1, shard, decisions, setAside: swept.setAside };
        const acceptedCount = decisions.filter(({ state }) => state === 'accepted').length;
        return {
          selection: await place.putJson('selection.json', selected),
          acceptedCount,
          ignoredCount: decisions.length - acceptedCount,
          setAsideCount: swept.setAside.length,
        };
      },
    );
  });

interface Deciding {
  readonly request: SelectShardRequest;
  readonly calibration: Calibration;
  readonly place: ResultPlace;
  readonly store: ArtifactStore;
}

async function decide(
  item: SweptShard['items'][number],
  deciding: Deciding,
): Promise<SelectedShard['decisions'][number]> {
  const { request, calibration } = deciding;
  const selection = selectItem({
    histograms: item.histograms,
    thresholds: calibration.thresholds,
    selection: request.spec.selection,
  });
  const label = item.classProbabilities ? classLabel(item.classProbabilities) : await maskLabel(item, deciding);
  const { state, reason } = selection;
  return {
    id: item.id,
    probabilities: item.probabilities,
    state,
    ...(reason && { reason }),
    label: { ...label, ...origin(request.round, selection) },
  };
}

const origin = (round: number, { confidence, decided }: ItemSelection) => ({
  origin: 'machine' as const,
  round,
  decided,
  ...(confidence !== undefined && { confidence }),
});

type Unsigned<L> = L extends unknown ? Omit<L, 'origin' | 'round' | 'confidence' | 'decided'> : never;

function classLabel(probabilities: readonly number[]): Unsigned<Extract<Label, { kind: 'class' }>> {
  return { kind: 'class', classIndex: probabilities.indexOf(Math.max(...probabilities)) };
}

async function maskLabel(
  item: SweptShard['items'][number],
  { calibration, place, store }: Deciding,
): Promise<Unsigned<Extract<Label, { kind: 'mask' }>>> {
  const maps = await Promise.all(
    item.probabilities.map(async (ref) => decodeMask(await store.get(ref), { name: item.id })),
  );
  const { classes, ignore } = pseudoLabelMask(
    maps.map(({ data }) => Uint8Array.from(data)),
    calibration.thresholds,
  );
  const { height, width } = maps[0]!;
  const name = item.probabilities[0]!.key.split('/')
    .at(-1)!
    .replace(/-\d+\.png$/, '');
  return {
    kind: 'mask',
    mask: await place.put(`${name}-mask.png`, await encodeGreyPng(classes, { height, width })),
    ignore: await place.put(`${name}-ignore.png`, await encodeGreyPng(ignore, { height, width })),
    classes: [...new Set(classes)].toSorted((a, b) => a - b),
  };
}
