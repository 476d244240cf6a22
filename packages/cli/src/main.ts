import { runCli } from './run-cli.js';

/** The `probity` command. */
process.exitCode = await runCli(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  environment: process.env,
  onInterrupt: (listener) => {
    process.on('SIGINT', listener).on('SIGTERM', listener);
    return () => process.off('SIGINT', listener).off('SIGTERM', listener);
  },
});
