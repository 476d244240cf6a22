import { defaultPayloadConverter } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';

type HistoryEvent = NonNullable<NonNullable<History['events']>[number]>;
type Failure = {
  readonly message?: string | null;
  readonly cause?: Failure | null;
  readonly applicationFailureInfo?: { readonly type?: string | null } | null;
};

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface StepFailure {
  /** Of the table of error codes, where the failure has one. */
  readonly code: string | undefined;
  readonly message: string;
}

/** One step of a campaign as it went: an activity, in the campaign's own words. */
export interface CampaignStep {
  /** Temporal's number of the step in its run, by which its pending activities are told apart. */
  readonly activityId: string;
  /** Name of the activity, e.g. `trainTrunk`. */
  readonly name: string;
  readonly round: number | undefined;
  /** 0-based, where the step has one. */
  readonly fold: number | undefined;
  readonly shard: number | undefined;
  /** Of the member that the step trains. */
  readonly operatingPoint: number | undefined;
  readonly state: StepState;
  /** 1 for a step that held at once. */
  readonly attempts: number;
  /** Of the attempt before the last one, or of the last one where the step failed. */
  readonly failure: StepFailure | undefined;
  /** ISO 8601. */
  readonly scheduledAt: string;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** Hash of everything the result depends on: the key under which the store keeps it. */
  readonly inputHash: string | undefined;
  /** True when the result was found and not computed. */
  readonly reused: boolean | undefined;
  /** How long a device computed for it, milliseconds; steps without a device have none. */
  readonly busyMilliseconds: number | undefined;
  /** How long steps of a training waited for their batches, milliseconds; other steps have none. */
  readonly waitedMilliseconds: number | undefined;
}

/** Translates one run's history to its steps, in the order in which they were asked for. */
export function readSteps(history: History): CampaignStep[] {
  const steps = new Map<string, CampaignStep>();
  for (const event of history.events ?? []) applyEvent(steps, event);
  return [...steps.values()];
}

function applyEvent(steps: Map<string, CampaignStep>, event: HistoryEvent): void {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) {
    const request = fieldsOf(scheduled.input?.payloads?.[0]);
    steps.set(String(event.eventId), {
      activityId: scheduled.activityId ?? '',
      name: scheduled.activityType?.name ?? 'unknown',
      round: numberIn(request, 'round'),
      fold: numberIn(request, 'fold'),
      shard: numberIn(request, 'shard'),
      operatingPoint: numberIn(request, 'operatingPoint'),
      state: 'waiting',
      attempts: 0,
      failure: undefined,
      scheduledAt: timeOf(event),
      startedAt: undefined,
      endedAt: undefined,
      inputHash: undefined,
      reused: undefined,
      busyMilliseconds: undefined,
      waitedMilliseconds: undefined,
    });
    return;
  }
  const started = event.activityTaskStartedEventAttributes;
  if (started) {
    change(steps, started.scheduledEventId, {
      state: 'running',
      attempts: started.attempt ?? 1,
      startedAt: timeOf(event),
      failure: failureOf(started.lastFailure as Failure | undefined),
    });
    return;
  }
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) {
    const result = fieldsOf(completed.result?.payloads?.[0]);
    const { inputHash, reused } = result as { inputHash?: string; reused?: boolean };
    change(steps, completed.scheduledEventId, {
      state: 'done',
      endedAt: timeOf(event),
      inputHash,
      reused,
      busyMilliseconds: numberIn(result, 'busyMilliseconds'),
      waitedMilliseconds: numberIn(result, 'waitedMilliseconds'),
    });
  }
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (failed)
    change(steps, failed.scheduledEventId, {
      state: 'failed',
      endedAt: timeOf(event),
      failure: failureOf(failed.failure as Failure | undefined),
    });
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (cancelled) change(steps, cancelled.scheduledEventId, { state: 'cancelled', endedAt: timeOf(event) });
}

function change(steps: Map<string, CampaignStep>, scheduledEventId: unknown, changes: Partial<CampaignStep>): void {
  const id = String(scheduledEventId);
  const step = steps.get(id);
  if (!step) throw new Error(`Bug: a history speaks of activity ${id} before it was scheduled`);
  steps.set(id, { ...step, ...changes });
}

/** The innermost cause is what happened; what stands around it says that an activity failed. */
function failureOf(failure: Failure | null | undefined): StepFailure | undefined {
  if (!failure) return undefined;
  if (failure.cause && !failure.applicationFailureInfo) return failureOf(failure.cause);
  return { code: failure.applicationFailureInfo?.type ?? undefined, message: failure.message ?? '' };
}

type Payload = Parameters<typeof defaultPayloadConverter.fromPayload>[0];

function fieldsOf(payload: unknown): Readonly<Record<string, unknown>> {
  if (!payload) return {};
  const value: unknown = defaultPayloadConverter.fromPayload(payload as Payload);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const numberIn = (fields: Readonly<Record<string, unknown>>, name: string): number | undefined =>
  typeof fields[name] === 'number' ? fields[name] : undefined;

function timeOf({ eventTime }: HistoryEvent): string {
  const milliseconds = Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6);
  return new Date(milliseconds).toISOString();
}
