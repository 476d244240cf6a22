import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@probity/connections/tools-folder';
import type { Locator, Page } from 'playwright-core';

const SCREENS = join(repositoryRoot, 'test-results/screens');

/** Widths at which every page must fit: a laptop, and half a screen. */
export const WIDTHS = [1280, 800] as const;

/** Keeps a picture of the whole page for people to look at. */
export async function keepScreen(page: Page, name: string): Promise<void> {
  await mkdir(SCREENS, { recursive: true });
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });
}

/** By how many pixels the page is wider than the window, at each width. */
export async function overflowOf(page: Page): Promise<number[]> {
  const overflow: number[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    overflow.push(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    );
  }
  await page.setViewportSize({ width: WIDTHS[0], height: 900 });
  return overflow;
}

/** How many colours a canvas shows: one, while nothing is painted. */
export function coloursOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement)
      .getContext('2d', { willReadFrequently: true })!
      .getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

/** Everything the page's console and its network complain of. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}
