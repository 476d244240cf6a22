import { STACK_SERVICES } from '@probity/cli/stack/stack-services';
import { readStack } from '@probity/cli/stack/read-stack';
import type { CampaignState } from '@probity/core/schemas/campaign-state';
import { importSquares } from '@probity/worker-gpu/testing/squares-dataset';
import { tinySpec } from '@probity/worker-gpu/testing/tiny-spec';
import type { WorkflowHandle } from '@temporalio/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TemporalCampaigns } from '../../apps/console/server/adapters/temporal/temporal-campaigns.js';
import { campaignsContract } from '../../apps/console/server/testing/campaigns.contract.js';
import { openTestStack, resultOf, type TestStack } from '../e2e/support/test-stack.js';
import { until } from '../e2e/support/until.js';
import { coloursOf, complaintsOf, keepScreen, overflowOf } from './support/look.js';
import { findChromium, openBrowser } from './support/open-browser.js';

const chromium = findChromium();
const score = (value: number) => value.toFixed(3);

describe.skipIf(chromium === undefined)('the console', () => {
  let stack: TestStack;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let handle: WorkflowHandle;
  let state: CampaignState;

  beforeAll(async () => {
    stack = await openTestStack({ services: STACK_SERVICES });
    browser = await openBrowser(chromium!);
    const services = await readStack(stack.home);
    const address = services.find(({ name }) => name === 'console')?.address;
    page = await browser.newPage({ baseURL: `http://${address}`, viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(30_000);
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  it('says how to begin while there is no campaign', async () => {
    await page.goto('/');
    await page.getByText('No campaign yet').waitFor();
    expect(await overflowOf(page)).toEqual([0, 0]);
  });

  it('shows a campaign while it runs', async () => {
    const dataset = await importSquares(stack.store, { groupCount: 10, itemsPerGroup: 4 });
    const { training, selection, model } = tinySpec();
    handle = await stack.startCampaign(
      tinySpec({
        training: { ...training, steps: 800 }, // long enough to be seen under way
        selection: { ...selection, decidedMin: 0.975 },
        student: { steps: 60, model },
      }),
      dataset,
    );

    await page.getByRole('link', { name: 'tiny' }).click();
    await page.getByRole('heading', { level: 1, name: 'tiny' }).waitFor();
    const running = page.getByRole('region', { name: 'Running now' });
    await running.getByRole('progressbar').first().waitFor({ timeout: 120_000 });
    await running.getByRole('img', { name: 'Loss by step' }).first().waitFor({ timeout: 120_000 });
    await keepScreen(page, 'campaign-running');
    expect(await overflowOf(page)).toEqual([0, 0]);
  });

  it('shows the rounds of the campaign side by side as they end, without a reload', async () => {
    state = await resultOf(handle);
    const rounds = page.getByRole('region', { name: 'Rounds' });
    await rounds.getByRole('link', { name: 'Round 1' }).waitFor();
    await page.getByText('ended: all its rounds are done').waitFor();

    const rows = rounds.getByRole('row');
    for (const round of state.rounds) {
      const text = (await rows.nth(round.round + 1).textContent()) ?? '';
      for (const shown of [
        round.score.value,
        round.score.low,
        round.score.high,
        round.eceBefore.value,
        round.eceAfter.value,
      ]) {
        expect(text).toContain(score(shown));
      }
      expect(text).toContain(`${round.acceptedCount} of ${round.poolCount}`);
    }
    await page.getByRole('img', { name: 'Test score of 2 rounds' }).waitFor();
    expect(await page.getByRole('region', { name: 'Running now' }).count()).toBe(0);
    await keepScreen(page, 'campaign');
    expect(await overflowOf(page)).toEqual([0, 0]);
  });

  it('shows the student beside its ensemble, without a reload', async () => {
    const student = page.getByRole('region', { name: 'Student' });
    await student.getByText(`against the ensemble of round ${state.student!.round}`).waitFor();
    expect(await student.textContent()).toContain(score(state.student!.score.value));
    for (const model of ['ensemble', 'student'])
      await student.getByRole('img', { name: `Reliability diagram, square: ${model}` }).waitFor();
    expect(await student.getByRole('row').count()).toBe(3);
    expect(await overflowOf(page)).toEqual([0, 0]);
  });

  it('shows one round: calibration, thresholds, folds and the steps with their input hashes', async () => {
    await page.getByRole('link', { name: 'Round 1' }).click();
    await page.getByRole('heading', { level: 1, name: 'Round 1' }).waitFor();
    await page.getByRole('img', { name: 'Reliability diagram, square: after' }).waitFor();
    await page.getByRole('img', { name: 'Reliability diagram, square: before' }).waitFor();
    await page.getByRole('img', { name: 'Loss curves of fold 1' }).waitFor();
    expect(await page.getByRole('region', { name: 'Thresholds' }).textContent()).toContain('foreground from 0.700');
    expect(
      await page.getByText(`accepted ${state.rounds[1]!.acceptedCount} of ${state.rounds[1]!.poolCount}`).count(),
    ).toBe(1);

    const trained = page
      .getByRole('region', { name: 'Steps of this round' })
      .getByRole('row', { name: /Train member/ });
    await trained.first().waitFor();
    expect(await trained.count()).toBe(6); // three of each fold
    const hashes = await trained.getByRole('code').allTextContents();
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{10}$/);
    expect(new Set(hashes).size).toBe(6);
  });

  it('paints what was accepted and what was ignored', async () => {
    const { acceptedCount, ignoredCount } = state.rounds[1]!;
    for (const [word, count] of [
      ['Ignored', ignoredCount],
      ['Accepted', acceptedCount],
    ] as const) {
      await page.getByRole('button', { name: word }).click();
      const gallery = page.getByRole('region', { name: `${word} items` });
      if (count === 0) {
        await gallery.getByText(`No item was ${word.toLowerCase()}`).waitFor();
        continue;
      }
      const canvases = gallery.getByRole('img', { name: /^Item / });
      await canvases.first().waitFor();
      expect(await canvases.count()).toBe(Math.min(count, 12));
      for (const canvas of await canvases.all())
        await until('a painted canvas', async () => (await coloursOf(canvas)) > 8);
    }
    await keepScreen(page, 'round');
    expect(await overflowOf(page)).toEqual([0, 0]);
  });

  describe('campaigns on Temporal', () => {
    campaignsContract(async () => ({
      campaigns: new TemporalCampaigns(stack.temporal, stack.home),
      finishedId: 'tiny',
    }));
  });

  it('lists the campaign with its numbers', async () => {
    await page.getByRole('link', { name: 'Probity' }).click();
    const row = page.getByRole('row', { name: /tiny/ });
    await row.getByText('completed').waitFor();
    const text = await row.textContent();
    expect(text).toContain('squares');
    expect(text).toContain(score(state.rounds[1]!.score.value));
    await keepScreen(page, 'campaigns');
    expect(await overflowOf(page)).toEqual([0, 0]);
  });

  it('says what is wrong with an address that names nothing, and nothing else went wrong', async () => {
    expect(complaints).toEqual([]);
    await page.goto('/campaigns/nobody');
    await page.getByRole('alert').filter({ hasText: 'Cannot find campaign "nobody"' }).first().waitFor();
  });

  it('is as good in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto('/campaigns/tiny');
    await page.getByRole('img', { name: 'Test score of 2 rounds' }).waitFor();
    await keepScreen(page, 'campaign-dark');
    await page.goto('/campaigns/tiny/rounds/1');
    await page.getByRole('img', { name: 'Reliability diagram, square: after' }).waitFor();
    const canvas = page.getByRole('img', { name: /^Item / }).first();
    await until('a painted canvas', async () => (await canvas.count()) > 0 && (await coloursOf(canvas)) > 8);
    await keepScreen(page, 'round-dark');
  });
});
