import type { LossPoint } from './loss-history.js';
import type { Checkpoint } from './training-state.js';

export interface TrainingProgress {
  /** `trunk`, `w=-1` or `student`. */
  readonly part: string;
  /** Steps done and to do; a member's begin behind its trunk's. */
  readonly done: number;
  readonly total: number;
  readonly loss: number;
  readonly curve: readonly LossPoint[];
}

/** What a training job tells and asks while it runs. Every answer may be awaited, so all may touch a store. */
export interface TrainingHooks {
  readonly signal?: AbortSignal;
  report(progress: TrainingProgress): void;
  /** The device's memory did not hold a batch, or a part of one: from now on batches are cut into so many parts. */
  onBatchHalved(parts: number): void;
  /** The newest checkpoint of this very request, or `undefined`. */
  loadCheckpoint(): Promise<Checkpoint | undefined>;
  /** `done` grows from checkpoint to checkpoint. */
  saveCheckpoint(bytes: Uint8Array, done: number): Promise<void>;
}
