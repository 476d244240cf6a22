import type { ArtifactRef } from '../schemas/artifact-ref.js';
import type { CampaignSpec } from '../schemas/campaign-spec.js';
import type { CampaignState, RoundSummary, Stage, StopReason, StudentSummary } from '../schemas/campaign-state.js';

/*
 * What a round changes, and when a campaign ends. Pure functions on plain JSON: the workflow replays them, so they
 * import types only, and a call that cannot happen is a bug (bare `Error`), not a failure of the campaign.
 */

export function initialState(): CampaignState {
  return { round: 0, stage: 'opening', paused: false, rounds: [] };
}

/** The plan is made once, before round 0, and never changes. */
export function afterOpen(state: CampaignState, plan: ArtifactRef): CampaignState {
  if (state.stage !== 'opening') throw new Error(`Bug: a campaign in stage "${state.stage}" is opened`);
  return { ...state, plan, stage: 'preparing' };
}

export function beginStage(state: CampaignState, stage: Exclude<Stage, 'opening' | 'finished'>): CampaignState {
  requireUnderWay(state);
  return { ...state, stage };
}

/** Pausing changes nothing but the word: the workflow finishes what runs and starts nothing new. */
export function setPaused(state: CampaignState, paused: boolean): CampaignState {
  requireUnderWay(state);
  return { ...state, paused };
}

export interface RoundEnd {
  readonly spec: Pick<CampaignSpec, 'rounds' | 'student'>;
  /** Somebody asked to stop after this round. */
  readonly stopRequested: boolean;
  /** Somebody refused this round at the gate, but it was published and scored all the same. */
  readonly rejected: boolean;
}

/**
 * Adds a finished round and either begins the next one or ends the campaign.
 *
 * A round that was refused at the gate and left nothing behind has no summary: see `afterRejection`.
 */
export function afterRound(state: CampaignState, outcome: RoundSummary, end: RoundEnd): CampaignState {
  requireUnderWay(state);
  if (outcome.round !== state.round)
    throw new Error(`Bug: round ${outcome.round} ends while round ${state.round} is under way`);
  const rounds = [...state.rounds, outcome];
  const stopReason = stopReasonAfter(outcome, end);
  // Who paused the last round holds the student too.
  const paused = end.spec.student !== undefined && state.paused;
  if (stopReason !== undefined) return { ...state, rounds, stage: 'finished', paused, stopReason };
  return { ...state, rounds, round: state.round + 1, stage: 'preparing' };
}

/** The round under way was refused at the gate: nothing of it is published, and the rounds before it stand. */
export function afterRejection(state: CampaignState): CampaignState {
  requireUnderWay(state);
  return { ...state, stage: 'finished', paused: false, stopReason: 'rejected' };
}

/**
 * The rounds have ended and their ensemble is to teach a student: the campaign is under way until it has, and can be
 * paused and cancelled. The reason why the rounds ended comes back with `afterStudent`.
 */
export function beginStudent({ stopReason, ...state }: CampaignState): CampaignState {
  if (stopReason === undefined) throw new Error(`Bug: a student is begun while round ${state.round} is ${state.stage}`);
  return { ...state, stage: 'distilling' };
}

export function afterStudent(state: CampaignState, student: StudentSummary, stopReason: StopReason): CampaignState {
  requireUnderWay(state);
  return { ...state, student, stage: 'finished', paused: false, stopReason };
}

/** Ends a campaign in the middle of a round. A campaign that has already ended keeps its reason. */
export function afterCancel(state: CampaignState): CampaignState {
  if (state.stopReason !== undefined) return state;
  return { ...state, stage: 'finished', paused: false, stopReason: 'cancelled' };
}

/**
 * The round to use: the highest test score, the earlier round on a tie, since it holds fewer machine labels.
 * `undefined` before the first round has ended.
 */
export function bestRound(state: Pick<CampaignState, 'rounds'>): RoundSummary | undefined {
  return state.rounds.reduce<RoundSummary | undefined>(
    (best, round) => (best === undefined || round.score.value > best.score.value ? round : best),
    undefined,
  );
}

/** The one place that ends a campaign. The order is the order in which reasons are reported. */
function stopReasonAfter(outcome: RoundSummary, { spec, stopRequested, rejected }: RoundEnd): StopReason | undefined {
  if (rejected) return 'rejected';
  if (stopRequested) return 'stopped-by-user';
  if (outcome.difference !== undefined && outcome.difference.value < -spec.rounds.stopWhenWorseBy)
    return 'worse-than-control';
  if (outcome.poolCount - outcome.setAsideCount <= 0) return 'pool-empty';
  if (outcome.acceptedCount === 0) return 'nothing-accepted';
  if (outcome.round >= spec.rounds.max) return 'rounds-max';
  return undefined;
}

function requireUnderWay({ stopReason }: CampaignState): void {
  if (stopReason !== undefined) throw new Error(`Bug: a campaign that ended (${stopReason}) goes on`);
}
