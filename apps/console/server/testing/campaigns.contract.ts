import { campaignRowSchema, campaignViewSchema, stepListSchema } from '@probity/core/schemas/api/campaigns';
import { ProbityError } from '@probity/core/errors';
import { expect, it } from 'vitest';
import type { Campaigns } from '../campaigns.js';

/** What stands behind `campaigns`: at least one campaign that finished a round, by its id. */
export interface CampaignsUnderTest {
  readonly campaigns: Campaigns;
  readonly finishedId: string;
}

/** What every `Campaigns` must do, whatever it reads from. */
export function campaignsContract(open: () => Promise<CampaignsUnderTest>): void {
  it('lists campaigns newest first, as the API gives them', async () => {
    const { campaigns, finishedId } = await open();
    const rows = await campaigns.list();
    for (const row of rows) expect(campaignRowSchema.parse(row)).toEqual(row);
    expect(rows.filter(({ id }) => id === finishedId)).toHaveLength(1);
    expect(rows.map(({ startedAt }) => startedAt)).toEqual(
      rows
        .map(({ startedAt }) => startedAt)
        .toSorted()
        .toReversed(),
    );
  });

  it('gives a campaign with its file, its state and the data set it began from', async () => {
    const { campaigns, finishedId } = await open();
    const campaign = await campaigns.get(finishedId);
    const view = campaignViewSchema.parse(campaign);
    expect(view.id).toBe(finishedId);
    expect(view.state.rounds.length).toBeGreaterThan(0);
    expect(campaign.dataset.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says the same score and the same start in the list as in the campaign', async () => {
    const { campaigns, finishedId } = await open();
    const row = (await campaigns.list()).find(({ id }) => id === finishedId)!;
    const newest = (await campaigns.get(finishedId)).state.rounds.at(-1)!;
    expect(row.score).toBe(newest.score.value);
    expect(row.acceptedCount).toBe(newest.acceptedCount);
    expect(row.startedAt).toBe((await campaigns.get(finishedId)).startedAt);
  });

  it('gives the steps in the order in which they were asked for', async () => {
    const { campaigns, finishedId } = await open();
    const steps = await campaigns.steps(finishedId);
    expect(steps.length).toBeGreaterThan(0);
    expect(stepListSchema.parse({ steps }).steps.map(({ name }) => name)).toEqual(steps.map(({ name }) => name));
    expect(steps.map(({ scheduledAt }) => scheduledAt)).toEqual(steps.map(({ scheduledAt }) => scheduledAt).toSorted());
  });

  it.each(['nobody', "no'body", 'a/b'])('refuses the id "%s" of no campaign', async (id) => {
    const { campaigns } = await open();
    for (const ask of [() => campaigns.get(id), () => campaigns.steps(id)]) {
      const error = await ask().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ProbityError);
      expect((error as ProbityError).code).toBe('CAMPAIGN_MISSING');
    }
  });
}
