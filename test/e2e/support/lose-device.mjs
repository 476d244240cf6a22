// Loaded into every process of a stack: once the file of LOSE_DEVICE is there, the job process that computes next takes it away and has
// lost its device from then on, as CUDA has it: every further call fails in the same way, until another process begins. While a file
// with "-gone" behind its name is there, that one finds no library.
import { renameSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const file = process.env['LOSE_DEVICE'];
if (file !== undefined && process.argv[1]?.endsWith('job-host.js')) {
  register('./no-library.mjs', { parentURL: import.meta.url, data: `${file}-gone` });
  const training = new URL('../../../packages/training/package.json', import.meta.url);
  const { InferenceSession } = createRequire(training)('onnxruntime-node');
  const { run } = InferenceSession.prototype;
  let lost = false;
  InferenceSession.prototype.run = function (...feeds) {
    lost ||= takesAway(file);
    if (lost) throw new Error('CUDA failure 700: an illegal memory access was encountered ; GPU=0');
    return run.apply(this, feeds);
  };
}

function takesAway(file) {
  try {
    renameSync(file, `${file}-${process.pid}`);
    return true;
  } catch {
    return false;
  }
}
