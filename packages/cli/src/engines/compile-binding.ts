import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TENSORFLOW_BINDING } from '@probity/core/engines/tensorflow-installation';
import { compile } from './compile.js';

/** Node's headers beside the program that runs, or in the places where packages put them. */
export function nodeHeaders(executable = process.execPath): string | undefined {
  const folders = [
    join(dirname(realpathSync(executable)), '../include/node'),
    '/usr/include/node',
    '/usr/local/include/node',
  ];
  return folders.find((folder) => existsSync(join(folder, 'node_api.h')));
}

/**
 * Compiles tfjs-node's binding, as it is, against the library of an installation. The binding finds it by its own path, so
 * the folder may be moved as a whole.
 *
 * @throws {FetchFailure} with the compiler's first complaint
 */
export async function compileBinding(
  { sources, headers, folder }: { sources: string; headers: string; folder: string },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const library = join(folder, 'tensorflow');
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-fvisibility=hidden'];
  const definitions = ['-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'];
  const includes = ['-I', headers, '-I', join(library, 'include')];
  const files = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources, 'binding', file));
  const libraries = ['-L', library, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'];
  const output = ['-Wl,-rpath,$ORIGIN/tensorflow', '-o', join(folder, TENSORFLOW_BINDING)];
  const args = [...flags, ...definitions, ...includes, ...files, ...libraries, ...output];
  await compile(args, env);
}
