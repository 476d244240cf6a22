import { constants } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { measurementPath } from '@probity/connections/machine-measurement';
import type { MachineMeasurement } from '@probity/core/engines/machine-measurement';
import { ProbityError } from '@probity/core/errors';

/** Before minutes are spent on what could not be kept. @throws {ProbityError} `INVALID_INPUT` */
export async function requireRoomForMeasurement(tools: string): Promise<void> {
  try {
    await mkdir(tools, { recursive: true });
    await access(tools, constants.W_OK);
  } catch (cause) {
    throw notKept(tools, cause);
  }
}

/**
 * Replaces the measurement of this machine as a whole, so that a reader never sees half of it.
 *
 * @returns Where it is.
 * @throws {ProbityError} `INVALID_INPUT`; what was kept before is then still there.
 */
export async function keepMeasurement(tools: string, measurement: MachineMeasurement): Promise<string> {
  const path = measurementPath(tools);
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(measurement, undefined, 2)}\n`);
    await rename(draft, path);
    return path;
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined); // the folder itself may be at fault
    throw notKept(tools, cause);
  }
}

function notKept(tools: string, cause: unknown): ProbityError {
  const state = `${cause instanceof Error ? cause.message : String(cause)}; name another folder with PROBITY_TOOLS`;
  return new ProbityError('INVALID_INPUT', `Cannot keep a measurement in "${tools}": ${state}`, {
    details: { tools },
    cause,
  });
}
