import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compare, type ImportFault } from './import-fault.js';

const IMAGE_FILE = /\.(png|jpe?g|tiff?|nii|nii\.gz)$/i;

/** Image files under `folder`, hidden ones left out, sorted; paths relative to it, with `/`. */
export async function imageFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(folder, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) await walk(path);
      else if (IMAGE_FILE.test(entry.name)) found.push(path);
    }
  };
  await walk('');
  return found.sort(compare);
}

export const isVolumeFile = (path: string): boolean => /\.nii(\.gz)?$/i.test(path);
export const withoutEnding = (path: string): string => path.replace(IMAGE_FILE, '');
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const parentFolder = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** `images\a.png` and `./images/a.png` are `images/a.png`; `undefined` for a path that leaves the folder. */
export function normalisedPath(path: string): string | undefined {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const leaves = path.startsWith('/') || /^[a-z]:/i.test(path) || parts.includes('..');
  return leaves ? undefined : parts.join('/');
}

/** Ids that two entries claim. */
export function duplicateIds(entries: readonly { readonly id: string; readonly image: string }[]): ImportFault[] {
  const files = new Map<string, string[]>();
  for (const { id, image } of entries) files.set(id, [...(files.get(id) ?? []), image]);
  return [...files]
    .filter(([, images]) => images.length > 1)
    .map(([id, images]) => ({
      kind: 'duplicate-id',
      file: images[0]!,
      message: `id "${id}" belongs to ${images.join(', ')}`,
    }));
}
