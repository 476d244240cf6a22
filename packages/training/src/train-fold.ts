import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { threadedBatchSource } from './augmentation/threaded-batch-source.js';
import type { CreateBatchSource } from './augmentation/batch-source.js';
import { trainingGraph } from './compile-step.js';
import { createCommittee } from './inference/committee.js';
import type { Engine, Executable } from './engine/engine.js';
import type { PreparedItems } from './items.js';
import { initialWeights } from './models/initial-weights.js';
import { createNetwork } from './models/network.js';
import { requireNoCollapse } from './require-no-collapse.js';
import { trainPart, type PartProgress } from './train-part.js';
import { encodeCheckpoint, initialState, predictingWeights, type Checkpoint, type LossPoint, type TrainingState } from './training-state.js';

export interface FoldRequest {
  readonly spec: Pick<CampaignSpec, 'seed' | 'model' | 'training' | 'ensemble'>;
  readonly fold: number;
  readonly classCount: number;
  /** What this fold may learn from: neither its own held-out groups nor the test set. */
  readonly items: PreparedItems;
  readonly engine: Engine;
  readonly createBatches?: CreateBatchSource;
}

export interface TrainedMember {
  readonly operatingPoint: number;
  readonly weights: Float32Array;
  readonly curve: readonly LossPoint[];
  /** Of the trunk it was forked from. */
  readonly trunkCurve: readonly LossPoint[];
}

export interface FoldProgress {
  /** `trunk` or `w=-1`. */
  readonly part: string;
  /** Steps done and to do of the whole fold, trunk and forks together. */
  readonly done: number;
  readonly total: number;
  readonly loss: number;
  readonly curve: readonly LossPoint[];
}

/** What a training job tells and asks while it runs. Every member may be awaited, so all may touch a store. */
export interface FoldHooks {
  readonly signal?: AbortSignal;
  report(progress: FoldProgress): void;
  /** The newest checkpoint of this very request, or `undefined`. */
  loadCheckpoint(): Promise<Checkpoint | undefined>;
  /** `done` grows from checkpoint to checkpoint. */
  saveCheckpoint(bytes: Uint8Array, done: number): Promise<void>;
  findMember(operatingPoint: number): Promise<TrainedMember | undefined>;
  saveMember(member: TrainedMember): Promise<void>;
}

export interface TrainedFold {
  readonly trunkCurve: readonly LossPoint[];
  readonly members: readonly TrainedMember[];
  /** Steps of a fold trained from the start. */
  readonly stepsTotal: number;
}

/** Steps that the trunk takes, and steps that each fork adds. */
export function foldSteps({ training, ensemble }: Pick<CampaignSpec, 'training' | 'ensemble'>): { trunk: number; fork: number; total: number } {
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
 * @throws {ProbityError} `TRAINING_DIVERGED`, `TRAINING_COLLAPSED`, `ENGINE_UNAVAILABLE`
 * @see Buddenkotte et al. 2023, arXiv 2209.09563
 */
export async function trainFold(request: FoldRequest, hooks: FoldHooks): Promise<TrainedFold> {
  const { spec, items, classCount, engine } = request;
  const step = await engine.compile(trainingGraph({ ...items, model: spec.model, training: spec.training, classCount }));
  try {
    return await new FoldTraining(request, hooks, step).run();
  } finally {
    await step.dispose();
  }
}

class FoldTraining {
  readonly #request: FoldRequest;
  readonly #hooks: FoldHooks;
  readonly #step: Executable;

  constructor(request: FoldRequest, hooks: FoldHooks, step: Executable) {
    this.#request = request;
    this.#hooks = hooks;
    this.#step = step;
  }

  async run(): Promise<TrainedFold> {
    const { operatingPoints } = this.#request.spec.ensemble;
    const { total } = foldSteps(this.#request.spec);
    const finished = await Promise.all(operatingPoints.map((w) => this.#hooks.findMember(w)));
    const known = finished.filter((member) => member !== undefined);
    if (known.length === operatingPoints.length) return { trunkCurve: known[0]!.trunkCurve, members: known, stepsTotal: total };
    const checkpoint = await this.#hooks.loadCheckpoint();
    const trunk = await this.#trunk(checkpoint);
    const members: TrainedMember[] = [];
    for (const [i, operatingPoint] of operatingPoints.entries()) {
      members.push(finished[i] ?? (await this.#member(operatingPoint, { trunk, checkpoint, index: i })));
    }
    return { trunkCurve: trunk.curve, members, stepsTotal: total };
  }

  async #trunk(checkpoint: Checkpoint | undefined): Promise<{ state: TrainingState; curve: readonly LossPoint[] }> {
    const { spec, fold, items, classCount } = this.#request;
    if (checkpoint?.trunk) return { state: checkpoint.trunk, curve: checkpoint.trunkCurve };
    const { layout } = createNetwork({ model: spec.model, channels: items.channels, classCount });
    const state = checkpoint?.state ?? initialState(spec.training, initialWeights(layout, spec.seed, fold));
    const trained = await this.#train({ part: 'trunk', state, curve: checkpoint?.curve ?? [], firstStep: checkpoint?.step ?? 0, endStep: foldSteps(spec).trunk, doneBefore: 0 });
    return { state: trained.state, curve: trained.curve };
  }

  async #member(
    operatingPoint: number,
    { trunk, checkpoint, index }: { trunk: { state: TrainingState; curve: readonly LossPoint[] }; checkpoint: Checkpoint | undefined; index: number },
  ): Promise<TrainedMember> {
    const { spec, fold } = this.#request;
    const steps = foldSteps(spec);
    const resumed = checkpoint?.part === operatingPoint ? checkpoint : undefined;
    const trained = await this.#train({
      part: operatingPoint,
      state: resumed?.state ?? trunk.state,
      curve: resumed?.curve ?? [],
      firstStep: resumed?.step ?? steps.trunk,
      endStep: spec.training.steps,
      doneBefore: steps.fork * index,
      trunk,
    });
    const member = { operatingPoint, weights: predictingWeights(trained.state), curve: trained.curve, trunkCurve: trunk.curve };
    await this.#requireNoCollapse(member.weights, `fold ${fold}, member w=${operatingPoint}`);
    await this.#hooks.saveMember(member);
    return member;
  }

  async #train(part: {
    part: 'trunk' | number;
    state: TrainingState;
    curve: readonly LossPoint[];
    firstStep: number;
    endStep: number;
    doneBefore: number;
    trunk?: { state: TrainingState; curve: readonly LossPoint[] };
  }): Promise<PartProgress> {
    const { spec, fold, items, classCount, createBatches = threadedBatchSource } = this.#request;
    const { training, ensemble, seed } = spec;
    const name = part.part === 'trunk' ? 'trunk' : `w=${part.part}`;
    const plan = { seed, fold, batchSize: training.batchSize, augmentation: training.augmentation };
    const batches = createBatches({ items, plan, firstStep: part.firstStep, endStep: part.endStep });
    const { total } = foldSteps(spec);
    try {
      return await trainPart({
        step: this.#step,
        training,
        operatingPoint: new Float32Array(classCount - 1).fill(ensemble.centre + (part.part === 'trunk' ? 0 : part.part)),
        batches,
        ...part,
        title: `fold ${fold}, ${part.part === 'trunk' ? 'trunk' : `member ${name}`}`,
        signal: this.#hooks.signal,
        onStep: async ({ step, loss, curve, state }) => {
          const done = part.doneBefore + step;
          this.#hooks.report({ part: name, done, total, loss, curve });
          if (step % training.checkpointEverySteps !== 0 && step !== part.endStep) return;
          const { trunk } = part;
          await this.#hooks.saveCheckpoint(
            encodeCheckpoint({ part: part.part, step, curve, state, trunkCurve: trunk?.curve ?? curve, ...(trunk && { trunk: trunk.state }) }),
            done,
          );
        },
      });
    } finally {
      await batches.close();
    }
  }

  async #requireNoCollapse(weights: Float32Array, title: string): Promise<void> {
    const { spec, items, classCount, engine } = this.#request;
    const committee = await createCommittee({ model: spec.model, items, classCount, members: [weights], batchSize: spec.training.batchSize, engine });
    try {
      await requireNoCollapse({ committee, items, title });
    } finally {
      await committee.dispose();
    }
  }
}
