import { requireInput } from '@probity/core/errors';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { BatchSource, CreateBatchSource } from './augmentation/batch-source.js';
import { threadedBatchSource } from './augmentation/threaded-batch-source.js';
import { imagesOfPart } from './batch-parts.js';
import type { Engine } from './engine/engine.js';
import { FoldStep } from './fold-step.js';
import { createCommittee } from './inference/committee.js';
import type { PreparedItems } from './items.js';
import { EMPTY_HISTORY, type LossPoint } from './loss-history.js';
import { initialWeights } from './models/initial-weights.js';
import { createNetwork } from './models/network.js';
import { requireNoCollapse } from './require-no-collapse.js';
import { trainPart, type TrainedPart } from './train-part.js';
import type { TrainingHooks } from './training-hooks.js';
import { encodeCheckpoint, historyOf, initialState, predictingWeights, type Checkpoint } from './training-state.js';

/** Of an ONNX file, by its format. */
const GRAPH_BYTES_MAX = 2 ** 31;

export interface FoldRequest {
  readonly spec: Pick<CampaignSpec, 'seed' | 'model' | 'training' | 'ensemble'>;
  readonly fold: number;
  readonly classCount: number;
  /** What this fold may learn from: neither its own held-out groups nor the test set. */
  readonly items: PreparedItems;
  readonly engine: Engine;
  /** Runs what was trained to see that it did not collapse; the engine that trains unless told. */
  readonly predictingEngine?: Engine;
  readonly createBatches?: CreateBatchSource;
  /** Into how many parts batches are cut from the start; 1, whole batches, unless told. */
  readonly batchParts?: number;
}

export interface TrainedMember {
  readonly operatingPoint: number;
  readonly weights: Float32Array;
  readonly curve: readonly LossPoint[];
  /** Of the trunk it was forked from. */
  readonly trunkCurve: readonly LossPoint[];
  /** Into how many parts batches were cut at the end; 1: whole batches. */
  readonly batchParts: number;
}

export interface FoldHooks extends TrainingHooks {
  findMember(operatingPoint: number): Promise<TrainedMember | undefined>;
  saveMember(member: TrainedMember): Promise<void>;
}

export interface TrainedFold {
  readonly trunkCurve: readonly LossPoint[];
  readonly members: readonly TrainedMember[];
  /** Steps of a fold trained from the start. */
  readonly stepsTotal: number;
  /** The most parts that batches were cut into. */
  readonly batchParts: number;
}

/** Steps that the trunk takes, and steps that each fork adds. */
export function foldSteps({ training, ensemble }: Pick<CampaignSpec, 'training' | 'ensemble'>): {
  trunk: number;
  fork: number;
  total: number;
} {
  const trunk = Math.max(1, Math.round(training.steps * ensemble.forkAt));
  const fork = training.steps - trunk;
  return { trunk, fork, total: trunk + fork * ensemble.operatingPoints.length };
}

/**
 * Trains the members of one fold: a trunk with the centre loss up to `forkAt`, then one fork an operating point.
 *
 * Deterministic: batches depend on seed, fold and step alone, so a job that was killed goes on to the same weights, and
 * all forks see the same images. Members that `findMember` knows are not trained again.
 *
 * A batch that the device's memory does not hold is computed in parts that add up to it, from then on to the end of the fold.
 *
 * The step is compiled for each fold, for its forks anew where they train less, and released behind it: that takes a
 * fraction of a second, and a session that is kept keeps its activations too.
 *
 * @throws {ProbityError} `TRAINING_DIVERGED`, `TRAINING_COLLAPSED`, `ENGINE_UNAVAILABLE`, `OUT_OF_MEMORY`, `DEVICE_LOST`; `INVALID_INPUT` when the
 *   ensemble of such networks would be too large for one graph.
 * @see Buddenkotte et al. 2023, arXiv 2209.09563
 */
export async function trainFold(request: FoldRequest, hooks: FoldHooks): Promise<TrainedFold> {
  const { spec, fold, items, createBatches = threadedBatchSource } = request;
  const { operatingPoints } = spec.ensemble;
  const stepsTotal = foldSteps(spec).total;
  const finished = await Promise.all(operatingPoints.map((w) => hooks.findMember(w)));
  const known = finished.filter((member) => member !== undefined);
  if (known.length === operatingPoints.length)
    return { trunkCurve: known[0]!.trunkCurve, members: known, stepsTotal, batchParts: mostParts(known) };

  requireEnsembleFits(spec, networkOf(request).layout.parameterCount);
  const checkpoint = await hooks.loadCheckpoint();
  const { batchSize, augmentation } = spec.training;
  const plan = { seed: spec.seed, fold, batchSize, augmentation };
  const batches = createBatches({ items, plan }); // a thread starts while the step is compiled
  try {
    const steps = foldStep(request, { hooks, parts: Math.max(request.batchParts ?? 1, checkpoint?.batchParts ?? 1) });
    try {
      const training = new FoldTraining(request, { hooks, steps, batches });
      const trunk = await training.trunk(checkpoint);
      const members: TrainedMember[] = [];
      for (const [i, operatingPoint] of operatingPoints.entries()) {
        members.push(finished[i] ?? (await training.member(operatingPoint, { trunk, checkpoint })));
      }
      return { trunkCurve: trunk.history.points, members, stepsTotal, batchParts: mostParts(members) };
    } finally {
      await steps.dispose();
    }
  } finally {
    await batches.close();
  }
}

function foldStep(
  { spec, fold, items, classCount, engine }: FoldRequest,
  { hooks, parts }: { hooks: FoldHooks; parts: number },
): FoldStep {
  const shape = { ...items, model: spec.model, training: spec.training, classCount };
  return new FoldStep(engine, shape, {
    parts,
    title: `train fold ${fold}`,
    onHalved: (halved) => hooks.onBatchHalved(halved),
  });
}

const mostParts = (members: readonly TrainedMember[]): number =>
  Math.max(...members.map(({ batchParts }) => batchParts));

const networkOf = ({ spec, items, classCount }: FoldRequest) =>
  createNetwork({ model: spec.model, channels: items.channels, classCount });

/** w_c0 of every foreground class. */
const centreOf = ({ centre }: FoldRequest['spec']['ensemble'], classCount: number): Float32Array =>
  typeof centre === 'number' ? new Float32Array(classCount - 1).fill(centre) : Float32Array.from(centre);

/** Before the first step, since it would be a pity to find out behind the last. */
function requireEnsembleFits({ ensemble }: FoldRequest['spec'], parameterCount: number): void {
  const networks = ensemble.folds * ensemble.operatingPoints.length;
  const bytes = networks * parameterCount * 4;
  requireInput(
    bytes < GRAPH_BYTES_MAX,
    `Cannot train ${networks} networks of ${parameterCount} parameters: together they take ${(bytes / 1e9).toFixed(1)} GB, and a graph of all of them may hold 2 GB. Lower model.baseWidth or model.depth, or use fewer ensemble.folds or ensemble.operatingPoints`,
  );
}

interface Tools {
  readonly hooks: FoldHooks;
  readonly steps: FoldStep;
  readonly batches: BatchSource;
}

interface PartToTrain extends TrainedPart {
  readonly part: 'trunk' | number;
  readonly firstStep: number;
  readonly endStep: number;
  /** Steps of the fold that lie before step 0 of this part's schedule. */
  readonly doneBefore: number;
  /** Where a fork comes from. */
  readonly trunk?: TrainedPart;
}

class FoldTraining {
  readonly #request: FoldRequest;
  readonly #tools: Tools;

  constructor(request: FoldRequest, tools: Tools) {
    this.#request = request;
    this.#tools = tools;
  }

  async trunk(checkpoint: Checkpoint | undefined): Promise<TrainedPart> {
    if (checkpoint?.trunk)
      return { state: checkpoint.trunk, history: { ...EMPTY_HISTORY, points: checkpoint.trunkCurve } };
    const { spec, fold } = this.#request;
    const trunk = await this.#train({
      part: 'trunk',
      state:
        checkpoint?.state ??
        initialState(spec.training, initialWeights(networkOf(this.#request).layout, spec.seed, fold)),
      history: historyOf(checkpoint),
      firstStep: checkpoint?.step ?? 0,
      endStep: foldSteps(spec).trunk,
      doneBefore: 0,
    });
    await this.#requireNoCollapse(this.#predicting(trunk, foldSteps(spec).trunk), this.#title('trunk'));
    return trunk;
  }

  async member(
    operatingPoint: number,
    { trunk, checkpoint }: { trunk: TrainedPart; checkpoint: Checkpoint | undefined },
  ): Promise<TrainedMember> {
    const { spec } = this.#request;
    const steps = foldSteps(spec);
    const resumed = checkpoint?.part === operatingPoint ? checkpoint : undefined;
    const trained = await this.#train({
      part: operatingPoint,
      state: resumed?.state ?? trunk.state,
      history: historyOf(resumed),
      firstStep: resumed?.step ?? steps.trunk,
      endStep: spec.training.steps,
      doneBefore: steps.fork * spec.ensemble.operatingPoints.indexOf(operatingPoint),
      trunk,
    });
    const weights = this.#predicting(trained, spec.training.steps);
    await this.#requireNoCollapse(weights, this.#title(operatingPoint));
    const member = {
      operatingPoint,
      weights,
      curve: trained.history.points,
      trunkCurve: trunk.history.points,
      batchParts: this.#tools.steps.parts,
    };
    await this.#tools.hooks.saveMember(member);
    return member;
  }

  #predicting({ state }: TrainedPart, stepsDone: number): Float32Array {
    return predictingWeights(state, this.#request.spec.training, stepsDone);
  }

  #title(part: 'trunk' | number): string {
    return `fold ${this.#request.fold}, ${part === 'trunk' ? 'trunk' : `member w=${part}`}`;
  }

  async #train({ part, doneBefore, trunk, ...range }: PartToTrain): Promise<TrainedPart> {
    const { spec, classCount } = this.#request;
    const { training, ensemble } = spec;
    const { hooks, steps, batches } = this.#tools;
    const { total } = foldSteps(spec);
    const offset = part === 'trunk' ? 0 : part;
    return trainPart({
      ...range,
      step: await steps.of(part === 'trunk' ? 'all' : ensemble.forkTrains),
      training,
      operatingPoint: centreOf(ensemble, classCount).map((centre) => centre + offset),
      batches,
      title: this.#title(part),
      signal: hooks.signal,
      onStep: ({ step, loss, history: { points: curve } }) =>
        hooks.report({
          part: part === 'trunk' ? 'trunk' : `w=${part}`,
          done: doneBefore + step,
          total,
          loss,
          curve,
        }),
      onCheckpoint: async ({ state, history }, step) => {
        const trunkCurve = trunk?.history.points ?? history.points;
        const { points: curve, ...pending } = history;
        const place = { part, step, curve, pending, trunkCurve, batchParts: steps.parts };
        const checkpoint = encodeCheckpoint({ ...place, state, ...(trunk && { trunk: trunk.state }) });
        await hooks.saveCheckpoint(checkpoint, doneBefore + step);
      },
    });
  }

  async #requireNoCollapse(weights: Float32Array, title: string): Promise<void> {
    const { spec, items, classCount, engine, predictingEngine = engine } = this.#request;
    const batchSize = imagesOfPart(spec.training.batchSize, this.#tools.steps.parts);
    const committee = await createCommittee({
      model: spec.model,
      items,
      classCount,
      members: [weights],
      batchSize,
      engine: predictingEngine,
    });
    try {
      await requireNoCollapse({ committee, items, title });
    } finally {
      await committee.dispose();
    }
  }
}
