import { beginStage, initialState, setPaused } from '@probity/core/rounds/campaign-state';
import { whyRefused, type CampaignCommand } from '@probity/core/rounds/campaign-commands';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { CampaignState } from '@probity/core/schemas/campaign-state';
import {
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import type { CpuActivities, GpuActivities } from './activities.js';
import { cpuOptions, gpuOptions } from './activity-options.js';
import {
  approveUpdate,
  campaignStateQuery,
  pauseUpdate,
  rejectUpdate,
  restartFoldUpdate,
  resumeUpdate,
  stopAfterRoundSignal,
  sweepPausedSignal,
} from './messages.js';
import { publishProgress } from './search-attributes.js';
import type { sweepWorkflow } from './sweep.workflow.js';

export interface CampaignInput {
  /** Complete and parsed by the client: workflows never parse, and no default may change under a running campaign. */
  readonly spec: CampaignSpec;
  readonly dataset: ArtifactRef;
  /** Set by continue-as-new only: everything the next run must know. */
  readonly resumeFrom?: { readonly state: CampaignState; readonly shardCount: number; readonly stopRequested: boolean };
}

/** One run of the workflow: its state, what people asked of it, and its activities. */
export class CampaignRun {
  readonly campaignId = workflowInfo().workflowId;
  readonly spec: CampaignSpec;
  readonly dataset: ArtifactRef;
  readonly gpu: ReturnType<typeof proxyActivities<GpuActivities>>;
  readonly cpu: ReturnType<typeof proxyActivities<CpuActivities>>;
  state: CampaignState;
  shardCount: number;
  stopRequested: boolean;
  gate: 'open' | 'rejected' | undefined;
  /** How often each fold of the round was asked to begin anew. */
  readonly restarts: number[];
  readonly #trainingScopes = new Map<number, CancellationScope>();
  readonly #sweeps = new Set<ChildWorkflowHandle<typeof sweepWorkflow>>();

  constructor({ spec, dataset, resumeFrom }: CampaignInput) {
    this.spec = spec;
    this.dataset = dataset;
    this.gpu = proxyActivities<GpuActivities>(gpuOptions(spec));
    this.cpu = proxyActivities<CpuActivities>(cpuOptions);
    this.state = resumeFrom?.state ?? initialState();
    this.shardCount = resumeFrom?.shardCount ?? 0;
    this.stopRequested = resumeFrom?.stopRequested ?? false;
    this.restarts = Array.from({ length: spec.ensemble.folds }, () => 0);
  }

  /** Before the first await: a query or an update that arrives earlier would find no handler. */
  listen(): void {
    setHandler(campaignStateQuery, () => this.state);
    setHandler(stopAfterRoundSignal, () => {
      this.stopRequested = true;
    });
    setHandler(pauseUpdate, () => this.#setPaused(true), { validator: () => this.#require({ kind: 'pause' }) });
    setHandler(resumeUpdate, () => this.#setPaused(false), { validator: () => this.#require({ kind: 'resume' }) });
    setHandler(approveUpdate, () => this.#setGate('open'), {
      validator: ({ round }) => this.#requireUndecided({ kind: 'approve', round }),
    });
    setHandler(rejectUpdate, () => this.#setGate('rejected'), {
      validator: ({ round }) => this.#requireUndecided({ kind: 'reject', round }),
    });
    setHandler(restartFoldUpdate, ({ fold }) => this.#restart(fold), {
      validator: ({ fold }) => this.#require({ kind: 'restart-fold', fold }),
    });
  }

  /** Begins a stage and tells Temporal. A paused campaign waits here, and before every step. */
  async begin(stage: Parameters<typeof beginStage>[1]): Promise<void> {
    await this.unpaused();
    this.state = beginStage(this.state, stage);
    publishProgress(this.spec, this.state);
  }

  async unpaused(): Promise<void> {
    while (this.state.paused) await condition(() => !this.state.paused);
  }

  /** Waits for a person's word on the round. */
  async decision(): Promise<'open' | 'rejected'> {
    await condition(() => this.gate !== undefined);
    return this.gate!;
  }

  /** Runs a fold's training so that `restartFold` can end it. */
  async inTrainingScope<Result>(fold: number, body: () => Promise<Result>): Promise<Result> {
    const scope = new CancellationScope();
    this.#trainingScopes.set(fold, scope);
    try {
      return await scope.run(body);
    } finally {
      this.#trainingScopes.delete(fold);
    }
  }

  /** Runs a sweep that hears of every pause and resume, also of one that comes while it starts. */
  async inSweep<Result>(
    start: (paused: boolean) => Promise<ChildWorkflowHandle<typeof sweepWorkflow>>,
    body: (sweep: ChildWorkflowHandle<typeof sweepWorkflow>) => Promise<Result>,
  ): Promise<Result> {
    const { paused } = this.state;
    const sweep = await start(paused);
    this.#sweeps.add(sweep);
    try {
      if (this.state.paused !== paused) await tell(sweep, this.state.paused);
      return await body(sweep);
    } finally {
      this.#sweeps.delete(sweep);
    }
  }

  #require(command: CampaignCommand): void {
    const reason = whyRefused(command, this.state, this.spec);
    if (reason !== undefined) throw new Error(reason);
  }

  /** Two people may answer at once: the first word counts. */
  #requireUndecided(command: CampaignCommand & { readonly round: number }): void {
    this.#require(command);
    if (this.gate !== undefined) {
      throw new Error(`Cannot ${command.kind}: round ${command.round} is decided already (${this.gate})`);
    }
  }

  async #setPaused(paused: boolean): Promise<void> {
    this.state = setPaused(this.state, paused);
    await Promise.all([...this.#sweeps].map((sweep) => tell(sweep, paused)));
  }

  #setGate(decision: 'open' | 'rejected'): void {
    this.gate = decision;
  }

  #restart(fold: number): void {
    this.restarts[fold]!++;
    this.#trainingScopes.get(fold)?.cancel();
  }
}

/** A sweep that cannot be told has ended meanwhile, and has nothing left to hold. */
async function tell(sweep: ChildWorkflowHandle<typeof sweepWorkflow>, paused: boolean): Promise<void> {
  try {
    await sweep.signal(sweepPausedSignal, paused);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
