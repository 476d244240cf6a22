import { readSettings, type Settings } from '@probity/connections/settings';
import { checkDisk, checkEngine, checkNode, checkPorts, checkStore, checkTemporalTool } from './check-machine.js';
import { checkProcesses, checkTemporal } from './check-services.js';
import { fault, reasonOf, type Finding } from './finding.js';

/**
 * Looks at everything a campaign needs and reports all it finds, in the order of the list; nothing is changed but for
 * an artifact that is written to the store and removed.
 */
export async function doctor(environment: NodeJS.ProcessEnv = process.env): Promise<readonly Finding[]> {
  const settings = settingsOrFault(environment);
  const engine = 'check' in settings ? ({ device: 'cpu', layout: 'auto' } as const) : settings.engine;
  const always = [checkNode(), ...(await Promise.all([checkTemporalTool(environment), checkEngine(engine)]))];
  if ('check' in settings) return [...always, settings];
  const rest = await Promise.all([
    checkStore(settings),
    checkDisk(settings),
    checkPorts(settings.home),
    checkProcesses(settings),
    checkTemporal(settings),
  ]);
  return [...always, ...rest.flat()];
}

function settingsOrFault(environment: NodeJS.ProcessEnv): Settings | Finding {
  try {
    return readSettings(environment);
  } catch (error) {
    return fault('Settings', reasonOf(error), 'Mend them; the rest is looked at afterwards');
  }
}

/** 0 where campaigns can run or will after "probity up", 1 where something has to be mended. */
export const doctorExitCode = (findings: readonly Finding[]): number =>
  findings.some(({ state }) => state === 'fault') ? 1 : 0;
