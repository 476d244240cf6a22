import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Versions of what our side runs on, as installed. */
export function installedVersions(): Record<string, string> {
  const version = (name: string) => (require(`${name}/package.json`) as { version: string }).version;
  return { 'onnxruntime-node': version('onnxruntime-node'), '@tensorflow/tfjs': version('@tensorflow/tfjs') };
}
