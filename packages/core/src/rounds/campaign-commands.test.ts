import { describe, expect, it } from 'vitest';
import type { CampaignState } from '../schemas/campaign-state.js';
import { whyRefused, type CampaignCommand } from './campaign-commands.js';

const spec = { ensemble: { folds: 3, operatingPoints: [0], centre: 0, forkAt: 1, forkTrains: 'all' as const } };
const training: CampaignState = { round: 1, stage: 'training', paused: false, rounds: [] };

describe('whyRefused()', () => {
  it.each<[CampaignCommand, Partial<CampaignState>]>([
    [{ kind: 'pause' }, {}],
    [{ kind: 'resume' }, { paused: true }],
    [{ kind: 'approve', round: 1 }, { stage: 'gate' }],
    [{ kind: 'reject', round: 1 }, { stage: 'gate' }],
    [{ kind: 'restart-fold', fold: 2 }, {}],
  ])('lets %o through in the state it is for', (command, changes) => {
    expect(whyRefused(command, { ...training, ...changes }, spec)).toBeUndefined();
  });

  it.each<[CampaignCommand, Partial<CampaignState>, string]>([
    [{ kind: 'pause' }, { paused: true }, 'Cannot pause: the campaign is paused already'],
    [{ kind: 'resume' }, {}, 'Cannot resume: the campaign is not paused'],
    [{ kind: 'approve', round: 1 }, {}, 'Cannot approve: no round waits at the gate; round 1 is training'],
    [{ kind: 'reject', round: 2 }, { stage: 'gate' }, 'Cannot reject: round 1 waits at the gate, not round 2'],
    [{ kind: 'restart-fold', fold: 3 }, {}, 'Cannot restart fold: there is no fold 3, folds are 0 to 2'],
    [
      { kind: 'restart-fold', fold: 0 },
      { stage: 'sweeping' },
      'Cannot restart fold: round 1 is sweeping, not training',
    ],
    [{ kind: 'pause' }, { stopReason: 'cancelled' }, 'Cannot pause: the campaign has ended (cancelled)'],
  ])('refuses %o in another state, and says which', (command, changes, message) => {
    expect(whyRefused(command, { ...training, ...changes }, spec)).toBe(message);
  });
});
