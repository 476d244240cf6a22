import { chooseForMachine, type EngineSettings } from '@probity/connections/engine-settings';
import { readSettings, type Settings } from '@probity/connections/settings';
import { toolsFolder } from '@probity/connections/tools-folder';
import { checkEngines, type EnginesToCheck } from './check-engines.js';
import { checkDisk, checkNode, checkPorts, checkStore, checkTemporalTool } from './check-machine.js';
import { checkProcesses, checkTemporal } from './check-services.js';
import { fault, reasonOf, type Finding } from './finding.js';

/**
 * Looks at everything a campaign needs and reports all it finds, in the order of the list; nothing is changed but for
 * an artifact that is written to the store and removed.
 */
export async function doctor(environment: NodeJS.ProcessEnv = process.env): Promise<readonly Finding[]> {
  const settings = settingsOrFault(environment);
  const machine = [checkNode(), await checkTemporalTool(environment)];
  const always = [...machine, ...(await checkEngines('check' in settings ? unset(environment) : settings))];
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

/** What engines do where nothing is set. */
function unset(environment: NodeJS.ProcessEnv): EnginesToCheck {
  const engine: EngineSettings = { device: 'cpu', layout: 'auto', training: 'auto' };
  const tools = toolsFolder(environment);
  return { engine, tools, ...chooseForMachine(tools, engine) };
}

function settingsOrFault(environment: NodeJS.ProcessEnv): Settings | Finding {
  try {
    return readSettings(environment);
  } catch (error) {
    return fault(
      'Settings',
      reasonOf(error),
      'Mend them; engines are shown as without settings, and all else is looked at once they are mended',
    );
  }
}

/** 0 where campaigns can run or will after "probity up", 1 where something has to be mended. */
export const doctorExitCode = (findings: readonly Finding[]): number =>
  findings.some(({ state }) => state === 'fault') ? 1 : 0;
