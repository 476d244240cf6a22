// A job process for tests: it does what the "job" it is sent says. The real one is worker-gpu's `job-host`.
import { existsSync, writeFileSync } from 'node:fs';

let jobs = 0;
const say = (message) => process.send(message);

process.on('disconnect', () => process.exit(0));
process.on('message', ({ kind, request, batchParts }) => {
  jobs++;
  if (kind === 'make-engines') return makeEngines();
  if (request.ignoreTerm) process.on('SIGTERM', () => {});
  if (request.report) say({ type: 'progress', progress: request.report });
  switch (request.act) {
    case 'answer':
      say({ type: 'result', result: { pid: process.pid, jobs }, busyMilliseconds: 7 });
      break;
    case 'fail':
      say({ type: 'failure', failure: request.failure });
      break;
    case 'exit':
      process.exit(3);
      break;
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'kill-once':
      if (existsSync(request.marker)) {
        say({ type: 'result', result: { batchParts }, busyMilliseconds: 7 });
        break;
      }
      writeFileSync(request.marker, '');
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'block':
      // Never returns to the event loop, as a native call that hangs.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      break;
  }
});

/** This machine's engines, as the variable has them. */
function makeEngines() {
  const state = process.env.TEST_ENGINES;
  if (state === 'fatal') process.kill(process.pid, 'SIGILL');
  if (state === 'hangs') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  const failure = { code: 'ENGINE_UNAVAILABLE', message: 'Cannot use CUDA: no device', details: {} };
  say(state === 'none' ? { type: 'failure', failure } : { type: 'result', busyMilliseconds: 0 });
}
