import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readStackFile, stackFilePath, type StackFile, type StackService } from '@probity/connections/stack-file';

const EMPTY: StackFile = { schemaVersion: 1, ports: {}, services: [] };

/**
 * Replaces the stack file as a whole, so that a reader never sees half of it. Call it under the stack's lock; it does
 * not wait for anything between reading and writing, so that services started side by side do not undo each other.
 */
export function changeStackFile(home: string, change: (stack: StackFile) => StackFile): StackFile {
  mkdirSync(home, { recursive: true });
  const changed = change(readStackFile(home) ?? EMPTY);
  const draft = `${stackFilePath(home)}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(changed, undefined, 2)}\n`);
  renameSync(draft, stackFilePath(home));
  return changed;
}

export const withService = (stack: StackFile, service: StackService): StackFile => ({
  ...stack,
  services: [...stack.services.filter(({ name }) => name !== service.name), service],
});

export const withoutService = (stack: StackFile, name: string): StackFile => ({
  ...stack,
  services: stack.services.filter((service) => service.name !== name),
});
