import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack, type ServiceStatus } from '@probity/cli/stack/read-stack';
import { STACK_SERVICES } from '@probity/cli/stack/stack-services';
import { startStack } from '@probity/cli/stack/start-stack';
import { stopStack } from '@probity/cli/stack/stop-stack';
import { connectTemporal, type TemporalClient } from '@probity/connections/connect-temporal';
import { openStore } from '@probity/connections/open-store';
import { readSettings } from '@probity/connections/settings';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { CampaignState } from '@probity/core/schemas/campaign-state';
import { CAMPAIGN_WORKFLOW } from '@probity/workflows/messages';
import { TASK_QUEUES } from '@probity/workflows/task-queues';
import type { WorkflowHandle } from '@temporalio/client';

/** Everything but the console. */
export const CAMPAIGN_SERVICES = STACK_SERVICES.filter(({ name }) => name !== 'console');

export interface CampaignHandle {
  readonly workflow: WorkflowHandle;
  result(): Promise<CampaignState>;
}

/** A home of its own with Temporal, a store and the workers, in a temporary folder; `close` ends and removes all of it. */
export class CampaignHome {
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #connected: TemporalClient | undefined;
  #store: ArtifactStore | undefined;

  private constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#environment = environment;
  }

  static async start(changes: Readonly<Record<string, string>> = {}): Promise<CampaignHome> {
    const folder = await mkdtemp(join(tmpdir(), 'probity-e2e-'));
    const home = new CampaignHome(folder, { ...process.env, PROBITY_JOB_SLOTS: '1', PROBITY_JOB_THREADS: '1', ...changes });
    try {
      await home.up();
      return home;
    } catch (error) {
      await home.close();
      throw error;
    }
  }

  get #settings() {
    return readSettings({ ...this.#environment, PROBITY_HOME: this.folder });
  }

  /** Starts what does not run. */
  async up(): Promise<void> {
    await startStack({ home: this.folder, services: CAMPAIGN_SERVICES, environment: this.#environment });
  }

  async service(name: string): Promise<ServiceStatus> {
    const found = (await readStack(this.folder)).find((service) => service.name === name);
    if (!found) throw new Error(`No service "${name}" in ${this.folder}`);
    return found;
  }

  async store(): Promise<ArtifactStore> {
    this.#store ??= await openStore(this.#settings.store);
    return this.#store;
  }

  async temporal(): Promise<TemporalClient> {
    this.#connected ??= await connectTemporal(this.#settings);
    return this.#connected;
  }

  async startCampaign(spec: CampaignSpec, dataset: ArtifactRef, campaignId: string = spec.name): Promise<CampaignHandle> {
    const { client } = await this.temporal();
    const workflow = await client.workflow.start(CAMPAIGN_WORKFLOW, {
      workflowId: campaignId,
      taskQueue: TASK_QUEUES.workflows,
      args: [{ spec, dataset }],
    });
    return { workflow, result: () => workflow.result() as Promise<CampaignState> };
  }

  /** The end of each service's log, for the message of a test that failed. */
  async logs(): Promise<string> {
    const services = await readStack(this.folder);
    const ends = services.map(async ({ name, logFile }) => `--- ${name}\n${(await readFile(logFile, 'utf8')).slice(-3_000)}`);
    return (await Promise.all(ends)).join('\n');
  }

  async close(): Promise<void> {
    await this.#connected?.close();
    await stopStack({ home: this.folder });
    await rm(this.folder, { recursive: true, force: true });
  }
}
