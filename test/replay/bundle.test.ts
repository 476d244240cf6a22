import { describe, expect, it } from 'vitest';
import { bundleSources } from './source-bundle.js';

/** The paths that webpack wrote above its modules. */
async function bundledModules(): Promise<string[]> {
  const { code } = await bundleSources();
  return [...code.matchAll(/!\*\*\* (\S+) \*\*\*!/g)].map(([, path]) => path!);
}

describe('the workflow bundle', () => {
  it('holds our workflows, and of core only what decides', async () => {
    const ours = (await bundledModules()).filter(
      (path) => /packages\/(?!workflows\/)[\w-]+\//.test(path) && !path.includes('node_modules'),
    );
    expect(ours).not.toEqual([]);
    for (const path of ours) expect(path).toMatch(/packages\/core\/src\/(rounds|artifacts)\//);
  });

  it('holds neither zod nor anything native', async () => {
    const foreign = (await bundledModules()).filter((path) => path.includes('node_modules'));
    expect(foreign).not.toEqual([]);
    expect(
      foreign.filter(
        (path) => !/node_modules\/(@temporalio|long|ms|nexus-rpc|@protobufjs|protobufjs|webpack)\//.test(path),
      ),
    ).toEqual([]);
    expect(foreign.filter((path) => /zod|sharp|onnxruntime|\.node$/.test(path))).toEqual([]);
  });
});
