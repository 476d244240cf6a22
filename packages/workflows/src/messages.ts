import type { CampaignState } from '@probity/core/schemas/campaign-state';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

/** Every query, signal and update of a campaign. The workflow id is the campaign id. */
export const CAMPAIGN_WORKFLOW = 'campaignWorkflow';
export const SWEEP_WORKFLOW = 'sweepWorkflow';

export const campaignStateQuery = defineQuery<CampaignState>('campaignState');

export const pauseUpdate = defineUpdate<void>('pause');
export const resumeUpdate = defineUpdate<void>('resume');
export const stopAfterRoundSignal = defineSignal('stopAfterRound');
/** Opens or shuts the gate of the round under way; refused when no round waits. */
export const approveUpdate = defineUpdate<void, [{ round: number; by: string }]>('approve');
export const rejectUpdate = defineUpdate<void, [{ round: number; by: string; reason: string }]>('reject');
/** Trains one fold of the round under way anew; refused outside training. */
export const restartFoldUpdate = defineUpdate<void, [{ fold: number }]>('restartFold');

/** Holds a sweep before its next step, or lets it go on; sent by its campaign only. */
export const sweepPausedSignal = defineSignal<[paused: boolean]>('sweepPaused');
