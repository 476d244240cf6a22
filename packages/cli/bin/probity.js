#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main);
} else {
  process.stderr.write(
    'Cannot run probity: it is not built yet. Run "npm run setup" in the checkout, then try again\n',
  );
  process.exitCode = 1;
}
