import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { openStore } from '@probity/connections/open-store';
import { readSettings } from '@probity/connections/settings';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { CampaignState } from '@probity/core/schemas/campaign-state';
import { readStack } from '@probity/cli/stack/read-stack';
import { startStack } from '@probity/cli/stack/start-stack';
import { STACK_SERVICES, type StackServiceDefinition } from '@probity/cli/stack/stack-services';
import { stopStack } from '@probity/cli/stack/stop-stack';
import { CAMPAIGN_WORKFLOW } from '@probity/workflows/messages';
import { TASK_QUEUES } from '@probity/workflows/task-queues';
import type { WorkflowHandle } from '@temporalio/client';
import { until } from './until.js';

export interface TestStack {
  readonly home: string;
  readonly store: ArtifactStore;
  readonly temporal: TemporalClient;
  startCampaign(spec: CampaignSpec, dataset: ArtifactRef, id?: string): Promise<WorkflowHandle>;
  /** Starts what does not run. */
  up(): Promise<void>;
  /** Removes every result from the store, so that the next campaign computes all of it. */
  forgetResults(): Promise<void>;
  /** What holds the campaigns up, for the message of a test that waited in vain. */
  trouble(): Promise<string>;
  /** Waits until a step that is under way has failed with a code and is tried again. */
  untilFailure(code: string): Promise<void>;
  close(): Promise<void>;
}

export interface TestStackOptions {
  readonly services?: readonly StackServiceDefinition[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Everything but the console. */
export const WORKING_SERVICES = STACK_SERVICES.filter(({ name }) => name !== 'console');

/** A whole stack in a folder of its own: real Temporal, real workers, real jobs. */
export async function openTestStack({
  services = WORKING_SERVICES,
  environment = {},
}: TestStackOptions = {}): Promise<TestStack> {
  const home = await mkdtemp(join(tmpdir(), 'probity-e2e-'));
  const processEnvironment = { ...process.env, ...environment, PROBITY_HOME: home };
  try {
    await startStack({ home, services, environment: processEnvironment });
  } catch (error) {
    await stopStack({ home }); // what started before the one that failed
    throw error;
  }
  const settings = readSettings(processEnvironment);
  const store = await openStore(settings.store);
  const temporal = await connectTemporal(settings);
  const startedIds = new Set<string>();
  const pendingSteps = async () => {
    const described = [...startedIds].map((id) => temporal.client.workflow.getHandle(id).describe());
    return (await Promise.all(described)).flatMap(({ raw }) => raw.pendingActivities ?? []);
  };
  const trouble = async (): Promise<string> => {
    const steps = await pendingSteps();
    const logs = (await readStack(home)).map(
      async ({ name, state, logFile }) => `--- ${name} (${state})\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`,
    );
    const lines = steps.map(({ activityType, state, attempt, lastFailure }) =>
      [activityType?.name, state, `attempt ${attempt}`, lastFailure?.message].join(', '),
    );
    return [...lines, ...(await Promise.all(logs))].join('\n');
  };
  return {
    home,
    store,
    temporal,
    startCampaign: (spec, dataset, id = spec.name) => {
      startedIds.add(id);
      const args = [{ spec, dataset }];
      return temporal.client.workflow.start(CAMPAIGN_WORKFLOW, {
        workflowId: id,
        taskQueue: TASK_QUEUES.workflows,
        args,
      });
    },
    up: async () => {
      try {
        await startStack({ home, services, environment: processEnvironment });
      } catch (error) {
        await stopStack({ home }); // what started before the one that failed
        throw error;
      }
    },
    forgetResults: async () => {
      for (const prefix of ['results/', 'checkpoints/', 'datasets/', 'campaigns/']) {
        for await (const key of store.list(prefix)) await store.delete(key);
      }
    },
    trouble,
    untilFailure: async (code) => {
      const hasFailed = async () =>
        (await pendingSteps()).some(({ lastFailure }) => lastFailure?.applicationFailureInfo?.type === code);
      await until(`a step that failed with ${code}`, hasFailed, { explain: trouble });
    },
    close: async () => {
      await temporal.close();
      await stopStack({ home });
      await rm(home, { recursive: true, force: true });
    },
  };
}

export const resultOf = async (handle: WorkflowHandle): Promise<CampaignState> =>
  (await handle.result()) as CampaignState;
