import { withFileLock } from './file-lock.js';
import { readStack } from './read-stack.js';
import { STACK_SERVICES } from './stack-services.js';
import { stackLock } from './start-stack.js';
import { endProcess } from './stop-service.js';
import { changeStackFile, withoutService } from './write-stack-file.js';

export interface StoppedService {
  readonly name: string;
  readonly end: 'absent' | 'ended' | 'killed';
}

/** Workers go first, so that Temporal still hears their last words; Temporal goes last. */
const stopOrder = (name: string): number =>
  STACK_SERVICES.find((definition) => definition.name === name)?.stopOrder ?? 0;

/** Stops every service that was started from a home. Nothing to stop is no error. */
export async function stopStack({
  home,
  onProgress = () => {},
}: {
  home: string;
  onProgress?: (line: string) => void;
}): Promise<readonly StoppedService[]> {
  return withFileLock(stackLock(home), async () => {
    const stopped: StoppedService[] = [];
    const services = await readStack(home);
    const ranks = [...new Set(services.map(({ name }) => stopOrder(name)))].sort((a, b) => a - b);
    for (const rank of ranks) {
      const together = services.filter(({ name }) => stopOrder(name) === rank);
      for (const { name } of together) onProgress(`Stopping ${name} …`);
      const ends = await Promise.all(together.map((service) => endProcess(service)));
      for (const [i, { name }] of together.entries()) {
        stopped.push({ name, end: ends[i]! });
        changeStackFile(home, (stack) => withoutService(stack, name));
      }
    }
    return stopped;
  });
}
