import type { Settings } from '@probity/connections/settings';
import type { ErrorCode, ErrorDetails } from '@probity/core/errors';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type {
  EvaluateRoundRequest,
  EvaluateStudentRequest,
  PredictOutOfFoldRequest,
  PrepareItemsRequest,
  SweepShardRequest,
  TrainFoldRequest,
  TrainMemberRequest,
  TrainStudentRequest,
  TrainTrunkRequest,
} from '@probity/core/schemas/steps';

/** What a job process can be asked. */
export type JobRequest =
  | { readonly kind: 'prepare'; readonly request: PrepareItemsRequest }
  | { readonly kind: 'train-trunk'; readonly request: TrainTrunkRequest }
  | { readonly kind: 'train-member'; readonly request: TrainMemberRequest }
  | { readonly kind: 'train-fold'; readonly request: TrainFoldRequest }
  | { readonly kind: 'predict'; readonly request: PredictOutOfFoldRequest }
  | { readonly kind: 'sweep'; readonly request: SweepShardRequest }
  | { readonly kind: 'evaluate'; readonly request: EvaluateRoundRequest }
  | { readonly kind: 'train-student'; readonly request: TrainStudentRequest }
  | { readonly kind: 'evaluate-student'; readonly request: EvaluateStudentRequest };

/** A job, and into how many parts it cuts its batches to begin with; 1: whole batches. */
export type JobOrder = JobRequest & { readonly batchParts: number };

/** What a job process is told: a job, or to make its engines, so that it is known whether they run here. */
export type HostOrder = JobOrder | { readonly kind: 'make-engines' };

/** What a worker chose for all of its jobs. */
export interface ChosenForJobs extends Pick<Settings, 'engine' | 'measured'> {
  /** Jobs side by side. */
  readonly slots: number;
  /** Of each job. */
  readonly threads: number;
}

/** What it says. `busyMilliseconds`: time that the engine computed for this job. */
export type JobMessage =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'result'; readonly result: unknown; readonly busyMilliseconds: number }
  | { readonly type: 'failure'; readonly failure: JobFailure };

/** An error on its way between processes: classes do not survive, codes do. Without a code it is a bug of ours. */
export interface JobFailure {
  readonly code?: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly stack?: string;
}
