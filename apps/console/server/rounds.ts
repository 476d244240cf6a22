import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import {
  layerSchema,
  type GalleryItem,
  type Layer,
  type RoundDetail,
  type StudentAnswer,
} from '@probity/core/schemas/api/campaigns';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { RoundSummary } from '@probity/core/schemas/campaign-state';
import { datasetVersionSchema, type DatasetItem, type DatasetVersion } from '@probity/core/schemas/dataset-version';
import {
  calibrationSchema,
  evaluationSchema,
  refListSchema,
  selectedShardSchema,
  type SelectedShard,
} from '@probity/core/schemas/round-artifacts';
import { trainedFoldSchema, trainedStudentSchema } from '@probity/core/schemas/trained-networks';
import type { z } from 'zod';
import type { Campaign } from './campaigns.js';

type Decision = SelectedShard['decisions'][number];

/** What was decided of the pool in one round. */
interface Decided {
  readonly decision: Decision;
  readonly item: DatasetItem;
}

/** Rounds kept in memory: an artifact never changes, and a gallery asks for the same one again and again. */
const ROUNDS_KEPT = 8;

/** Reads what a finished round left in the store. Only what belongs to a round can be asked for. */
export class Rounds {
  readonly #store: ArtifactStore;
  readonly #decided = new Map<string, Promise<readonly Decided[]>>();

  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  async detail(campaign: Campaign, round: number): Promise<RoundDetail> {
    const summary = requireRound(campaign, round);
    const [dataset, calibration, evaluation, ...folds] = await Promise.all([
      this.#dataset(campaign.dataset),
      this.#read(summary.calibration, calibrationSchema),
      this.#read(summary.evaluation, evaluationSchema),
      ...summary.folds.map((ref) => this.#read(ref, trainedFoldSchema)),
    ]);
    return { summary, classes: dataset.classes, calibration, evaluation, folds };
  }

  /** The student beside the ensemble that taught it; none while there is none. */
  async student(campaign: Campaign): Promise<StudentAnswer> {
    const summary = campaign.state.student;
    if (!summary) return {};
    const teacher = requireRound(campaign, summary.round);
    const [student, ensemble, own] = await Promise.all([
      this.#read(summary.student, trainedStudentSchema),
      this.#read(teacher.evaluation, evaluationSchema),
      this.#read(summary.evaluation, evaluationSchema),
    ]);
    return { student: { summary, student, evaluations: { ensemble, student: own } } };
  }

  /** Accepted items with the least sure first, ignored ones with the most sure first: those are worth a look. */
  async gallery(campaign: Campaign, round: number, state: Decision['state']): Promise<GalleryItem[]> {
    const { classes } = await this.#dataset(campaign.dataset);
    const chosen = (await this.#decisions(campaign, round)).filter(({ decision }) => decision.state === state);
    const sign = state === 'accepted' ? 1 : -1;
    return chosen
      .toSorted(
        (a, b) =>
          sign * ((a.decision.label.confidence ?? 0) - (b.decision.label.confidence ?? 0)) ||
          (a.item.id < b.item.id ? -1 : 1),
      )
      .map((decided) => galleryItem(decided, classes));
  }

  /** The artifact behind a picture of the gallery. @throws {ProbityError} `ARTIFACT_MISSING` */
  async layer(campaign: Campaign, round: number, wanted: { itemId: string; layer: Layer }): Promise<Uint8Array> {
    const found = (await this.#decisions(campaign, round)).find(({ item }) => item.id === wanted.itemId);
    const ref = found && refOf(found, wanted.layer);
    if (!ref)
      throw new ProbityError(
        'ARTIFACT_MISSING',
        `Cannot show ${wanted.layer} of item "${wanted.itemId}" in round ${round}: the round has none`,
      );
    return this.#store.get(ref);
  }

  #decisions(campaign: Campaign, round: number): Promise<readonly Decided[]> {
    const summary = requireRound(campaign, round);
    const key = summary.selections.map(({ sha256 }) => sha256).join(' ');
    const known = this.#decided.get(key) ?? this.#readDecisions(summary, campaign.dataset);
    known.catch(() => this.#decided.delete(key));
    this.#decided.set(key, known);
    for (const oldest of this.#decided.keys()) if (this.#decided.size > ROUNDS_KEPT) this.#decided.delete(oldest);
    return known;
  }

  async #readDecisions(summary: RoundSummary, datasetRef: ArtifactRef): Promise<Decided[]> {
    const { items } = await this.#dataset(datasetRef);
    const byId = new Map(items.map((item) => [item.id, item]));
    const lists = await Promise.all(summary.selections.map((ref) => this.#read(ref, refListSchema)));
    const shards = await Promise.all(
      lists.flatMap(({ refs }) => refs).map((ref) => this.#read(ref, selectedShardSchema)),
    );
    return shards.flatMap(({ decisions }) => decisions.map((decision) => ({ decision, item: byId.get(decision.id)! })));
  }

  #dataset(ref: ArtifactRef): Promise<DatasetVersion> {
    return this.#read(ref, datasetVersionSchema);
  }

  async #read<Value>(ref: ArtifactRef, schema: z.ZodType<Value>): Promise<Value> {
    return schema.parse(JSON.parse(new TextDecoder().decode(await this.#store.get(ref))));
  }
}

function requireRound({ id, state }: Campaign, round: number): RoundSummary {
  const summary = state.rounds.find((finished) => finished.round === round);
  if (summary) return summary;
  throw new ProbityError(
    'ARTIFACT_MISSING',
    `Cannot show round ${round} of campaign "${id}": ${state.rounds.length} rounds are finished, and round ${state.round} is ${state.stage}`,
  );
}

function refOf({ decision, item }: Decided, layer: Layer): ArtifactRef | undefined {
  if (layer === 'image') return item.image;
  if (layer === 'probability') return decision.probabilities[0];
  if (decision.label.kind !== 'mask') return undefined;
  return layer === 'mask' ? decision.label.mask : decision.label.ignore;
}

function galleryItem({ decision, item }: Decided, classes: readonly string[]): GalleryItem {
  const { id, state, reason, label } = decision;
  const { confidence, decided } = label;
  return {
    id,
    state,
    ...(reason !== undefined && { reason }),
    ...(confidence !== undefined && { confidence }),
    ...(decided !== undefined && { decided }),
    ...(label.kind === 'class' && { className: classes[label.classIndex] ?? `class ${label.classIndex}` }),
    width: item.image.width,
    height: item.image.height,
    layers: layerSchema.options.filter((layer) => refOf({ decision, item }, layer) !== undefined),
  };
}
