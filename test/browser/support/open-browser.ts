import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where a machine keeps its Chromium, unless `PROBITY_CHROMIUM` says otherwise. */
const CHROMIUM = '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * The browser's program. Without it a test skips and says so; where `PROBITY_REQUIRE_SERVERS` is 1 it fails instead, so
 * that the gate cannot pass by skipping.
 */
export function findChromium(): string | undefined {
  const path = process.env['PROBITY_CHROMIUM'] ?? CHROMIUM;
  if (existsSync(path)) return path;
  const message = `There is no Chromium at "${path}"; install one, or name it in PROBITY_CHROMIUM`;
  if (process.env['PROBITY_REQUIRE_SERVERS'] === '1') throw new Error(message);
  process.stderr.write(`SKIPPED: the browser tests. ${message}\n`);
  return undefined;
}

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS, headless: true });
