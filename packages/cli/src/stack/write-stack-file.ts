import { mkdir, rename, writeFile } from 'node:fs/promises';
import { readStackFile, stackFilePath, type StackFile, type StackService } from '@probity/connections/stack-file';

const EMPTY: StackFile = { schemaVersion: 1, ports: {}, services: [] };

/** Replaces the stack file as a whole, so that a reader never sees half of it. Call it under the stack's lock. */
export async function changeStackFile(home: string, change: (stack: StackFile) => StackFile): Promise<StackFile> {
  await mkdir(home, { recursive: true });
  const changed = change(readStackFile(home) ?? EMPTY);
  const draft = `${stackFilePath(home)}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(changed, undefined, 2)}\n`);
  await rename(draft, stackFilePath(home));
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
