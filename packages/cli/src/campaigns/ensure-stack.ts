import { readStack } from '../stack/read-stack.js';
import { STACK_SERVICES } from '../stack/stack-services.js';
import { startStack } from '../stack/start-stack.js';
import { say, settingsOf, type Terminal } from '../terminal.js';

/** Starts the embedded stack where no cluster is named and not all of it runs, and says so. */
export async function ensureStack(terminal: Terminal): Promise<void> {
  const { home, temporal } = settingsOf(terminal);
  if (temporal.source === 'cluster') return;
  const services = await readStack(home);
  const up = STACK_SERVICES.every(({ name }) =>
    services.some((service) => service.name === name && service.state === 'running' && service.ready),
  );
  if (up) return;
  say(terminal, `Starting Temporal, the workers and the console in "${home}"; "probity down" stops them`);
  await startStack({ home, environment: terminal.environment, onProgress: (line) => say(terminal, `  ${line}`) });
}
