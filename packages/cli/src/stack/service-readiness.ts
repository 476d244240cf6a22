import { open } from 'node:fs/promises';
import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '@probity/connections/search-attributes';
import type { StackServiceDefinition } from './stack-services.js';

export interface StartingService {
  readonly address: string | undefined;
  readonly logFile: string;
  /** Bytes of the log that belong to earlier runs. */
  readonly logStart: number;
}

const PROBE_MILLISECONDS_MAX = 2_000;

/** One look at whether a service is up. `false` means: look again. */
export async function isReady(definition: StackServiceDefinition, starting: StartingService): Promise<boolean> {
  if (definition.ready === 'line') return hasReadyLine(starting);
  if (starting.address === undefined) throw new Error(`Bug: service "${definition.name}" has no address to wait for`);
  return definition.ready === 'temporal' ? temporalAnswers(starting.address) : httpAnswers(starting.address);
}

async function hasReadyLine({ logFile, logStart }: StartingService): Promise<boolean> {
  return /^ready\b/m.test(await readLog(logFile, logStart));
}

/** What a service printed since `start`, its last part where that is much. */
export async function readLog(logFile: string, start: number, bytesMax = 64_000): Promise<string> {
  const file = await open(logFile, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(start, size - bytesMax);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.max(0, size - from)), position: from });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function temporalAnswers(address: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: PROBE_MILLISECONDS_MAX });
    // A namespace that answers is what workers need; the database may come from an older Probity that knew fewer attributes.
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    await registerSearchAttributes(connection, 'default');
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

/** Any answer will do: what it says is the console's affair. */
async function httpAnswers(address: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(PROBE_MILLISECONDS_MAX) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
