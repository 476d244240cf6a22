// Makes a fresh clone ready to run: installs what the lock file names and builds what changed. Needs Node alone.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', TURBO_TELEMETRY_DISABLED: '1' };

function run(title, command, args) {
  process.stderr.write(`${title}\n`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`Cannot set up Probity: "${command} ${args.join(' ')}" ended with ${status}\n`);
    process.exit(1);
  }
}

const modifiedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const installed = modifiedAt(join(root, 'node_modules/.package-lock.json'));
if (installed === 0 || installed < modifiedAt(join(root, 'package-lock.json'))) {
  run('Installing dependencies …', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
run('Building …', 'npx', ['turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped']);
