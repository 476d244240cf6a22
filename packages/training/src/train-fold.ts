import { requireInput } from '@probity/core/errors';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { PreparedItems } from './items.js';
import { initialWeights } from './models/initial-weights.js';
import { createNetwork } from './models/network.js';
import { trainNetwork, type TrainedNetwork, type TrainingMeans } from './train-network.js';
import type { TrainingHooks } from './training-hooks.js';
import { initialState } from './training-state.js';

/** Of an ONNX file, by its format. */
const GRAPH_BYTES_MAX = 2 ** 31;

export interface FoldRequest extends TrainingMeans {
  readonly spec: Pick<CampaignSpec, 'seed' | 'model' | 'training' | 'ensemble'>;
  readonly fold: number;
  readonly classCount: number;
  /** What this fold may learn from: neither its own held-out groups nor the test set. */
  readonly items: PreparedItems;
}

/** What the members of a fold are forked from. */
export type TrainedTrunk = Pick<TrainedNetwork, 'state' | 'curve' | 'batchParts'>;

export interface MemberRequest extends FoldRequest {
  readonly operatingPoint: number;
  readonly trunk: TrainedTrunk;
}

export type TrainedMember = Pick<TrainedNetwork, 'weights' | 'curve' | 'batchParts'>;

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
 * Trains the trunk of a fold: with the centre loss, up to `forkAt`.
 *
 * @throws {ProbityError} as `trainNetwork`; `INVALID_INPUT` when the ensemble of such networks would be too large for one graph.
 * @see Buddenkotte et al. 2023, arXiv 2209.09563
 */
export function trainTrunk(request: FoldRequest, hooks: TrainingHooks): Promise<TrainedTrunk> {
  const { spec, fold, items, classCount } = request;
  const { layout } = createNetwork({ model: spec.model, channels: items.channels, classCount });
  requireEnsembleFits(spec, layout.parameterCount);
  const start = initialState(spec.training, initialWeights(layout, spec.seed, fold));
  const range = { start, firstStep: 0, endStep: foldSteps(spec).trunk };
  return trainNetwork(
    { ...inFold(request, 0), ...range, part: 'trunk', title: `fold ${fold}, trunk`, lesson: {} },
    hooks,
  );
}

/**
 * Trains a member of a fold: from the trunk to the last step, at its operating point.
 *
 * @throws {ProbityError} as `trainNetwork`
 * @see Buddenkotte et al. 2023, arXiv 2209.09563
 */
export function trainMember(request: MemberRequest, hooks: TrainingHooks): Promise<TrainedMember> {
  const { spec, fold, operatingPoint, trunk } = request;
  const range = { start: trunk.state, firstStep: foldSteps(spec).trunk, endStep: spec.training.steps };
  const part = `w=${operatingPoint}`;
  return trainNetwork(
    {
      ...inFold(request, operatingPoint),
      ...range,
      part,
      title: `fold ${fold}, member ${part}`,
      lesson: { trains: spec.ensemble.forkTrains },
      // What one part of a fold has learnt of the memory holds for the others.
      batchParts: Math.max(request.batchParts ?? 1, trunk.batchParts),
    },
    hooks,
  );
}

/** What trunk and members share. */
function inFold({ spec: { seed, model, training, ensemble }, ...request }: FoldRequest, operatingPoint: number) {
  const { classCount, items } = request;
  const centres = centreOf(ensemble, classCount);
  return {
    ...request,
    seed,
    model,
    training,
    labelled: () => items,
    operatingPoint: centres.map((centre) => centre + operatingPoint),
  };
}

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
