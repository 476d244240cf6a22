import { defaultPayloadConverter, toPayloads } from '@temporalio/common';

/** One event of a history in the JSON form of Temporal's own tools. */
export interface HistoryEvent {
  readonly eventId: string;
  readonly eventTime: string;
  readonly eventType: string;
  readonly [attributes: string]: unknown;
}

export interface BuiltHistory {
  readonly events: readonly HistoryEvent[];
}

/** The SDK writes these flags into its tasks. Without them replay compares no activity types, and a wrong history passes. */
const SDK_METADATA = { coreUsedFlags: [1, 2, 3], langUsedFlags: [1, 2] };

const QUEUE = { name: 'replay' };

/** What an event that was scheduled is answered by. */
export interface Scheduled {
  readonly kind: 'activity' | 'child';
  readonly eventId: number;
  readonly name: string;
}

/**
 * Writes a workflow's history as a server would have recorded it, for `Worker.runReplayHistory`. The order of calls is
 * the order of events: `start`, then a `task` whenever the workflow's code ran; the commands it gave follow the task,
 * and what happened outside follows the commands. Times are a second apart, so equal calls give equal histories.
 */
export class HistoryBuilder {
  readonly #events: HistoryEvent[] = [];
  #task = 0;
  #activities = 0;

  start(workflowName: string, ...input: unknown[]): this {
    this.#add('WORKFLOW_EXECUTION_STARTED', {
      workflowType: { name: workflowName },
      taskQueue: QUEUE,
      input: payloads(input),
      workflowTaskTimeout: '10s', // a start event without it is refused
      originalExecutionRunId: 'first-run',
      firstExecutionRunId: 'first-run',
      attempt: 1,
    });
    return this;
  }

  /** The code ran; its commands follow. */
  task(): this {
    const scheduledEventId = this.#add('WORKFLOW_TASK_SCHEDULED', { taskQueue: QUEUE });
    const startedEventId = this.#add('WORKFLOW_TASK_STARTED', { scheduledEventId });
    this.#task = this.#add('WORKFLOW_TASK_COMPLETED', { scheduledEventId, startedEventId, sdkMetadata: SDK_METADATA });
    return this;
  }

  searchAttributes(values: Readonly<Record<string, unknown>>): this {
    const indexedFields = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, payload(value)]));
    this.#add('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', {
      ...this.#byTask(),
      searchAttributes: { indexedFields },
    });
    return this;
  }

  activity(name: string, taskQueue: string): Scheduled {
    this.#activities++;
    const eventId = this.#add('ACTIVITY_TASK_SCHEDULED', {
      ...this.#byTask(),
      activityId: String(this.#activities),
      activityType: { name },
      taskQueue: { name: taskQueue },
    });
    return { kind: 'activity', eventId, name };
  }

  child(name: string, workflowId: string): Scheduled {
    const eventId = this.#add('START_CHILD_WORKFLOW_EXECUTION_INITIATED', {
      ...this.#byTask(),
      namespace: 'default',
      workflowId,
      workflowType: { name },
      taskQueue: QUEUE,
    });
    this.#add('CHILD_WORKFLOW_EXECUTION_STARTED', {
      initiatedEventId: eventId,
      workflowExecution: { workflowId, runId: `run of ${workflowId}` },
      workflowType: { name },
    });
    return { kind: 'child', eventId, name };
  }

  complete({ kind, eventId, name }: Scheduled, result: unknown): this {
    if (kind === 'activity') {
      const startedEventId = this.#add('ACTIVITY_TASK_STARTED', { scheduledEventId: eventId, attempt: 1 });
      const ends = { scheduledEventId: eventId, startedEventId };
      this.#add('ACTIVITY_TASK_COMPLETED', { ...ends, result: payloads([result]) });
    } else {
      this.#add('CHILD_WORKFLOW_EXECUTION_COMPLETED', {
        initiatedEventId: eventId,
        startedEventId: eventId + 1,
        workflowType: { name },
        result: payloads([result]),
      });
    }
    return this;
  }

  signal(signalName: string, ...input: unknown[]): this {
    this.#add('WORKFLOW_EXECUTION_SIGNALED', { signalName, input: payloads(input) });
    return this;
  }

  finish(result: unknown): BuiltHistory {
    this.#add('WORKFLOW_EXECUTION_COMPLETED', { ...this.#byTask(), result: payloads([result]) });
    return this.unfinished();
  }

  continueAsNew(workflowName: string, ...input: unknown[]): BuiltHistory {
    this.#add('WORKFLOW_EXECUTION_CONTINUED_AS_NEW', {
      ...this.#byTask(),
      newExecutionRunId: 'next-run',
      workflowType: { name: workflowName },
      taskQueue: QUEUE,
      input: payloads(input),
    });
    return this.unfinished();
  }

  /** A workflow in the middle of its work. */
  unfinished(): BuiltHistory {
    return { events: [...this.#events] };
  }

  #byTask(): { workflowTaskCompletedEventId: number } {
    return { workflowTaskCompletedEventId: this.#task };
  }

  #add(type: string, attributes: object): number {
    const id = this.#events.length + 1;
    this.#events.push({
      eventId: String(id),
      eventTime: new Date(id * 1000).toISOString(),
      eventType: `EVENT_TYPE_${type}`,
      [`${camelCase(type)}EventAttributes`]: attributes,
    });
    return id;
  }
}

const camelCase = (type: string): string =>
  type.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const payload = (value: unknown) => payloads([value]).payloads[0];

/** As JSON writes them: bytes in base64. */
function payloads(values: unknown[]) {
  const base64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');
  const encoded = toPayloads(defaultPayloadConverter, ...values) ?? [];
  return {
    payloads: encoded.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, bytes]) => [key, base64(bytes)])),
      data: base64(data),
    })),
  };
}
