import type { CampaignSpec } from '../schemas/campaign-spec.js';
import type { CampaignState } from '../schemas/campaign-state.js';

/** What a person may ask of a running campaign. */
export type CampaignCommand =
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'approve'; readonly round: number }
  | { readonly kind: 'reject'; readonly round: number }
  | { readonly kind: 'restart-fold'; readonly fold: number };

/**
 * Why a command does not fit the state a campaign is in, as a sentence to show; `undefined` when it fits.
 * Synchronous, so that an update's validator can call it.
 */
export function whyRefused(
  command: CampaignCommand,
  state: CampaignState,
  spec: Pick<CampaignSpec, 'ensemble'>,
): string | undefined {
  const refuse = (found: string) => `Cannot ${command.kind.replace('-', ' ')}: ${found}`;
  if (state.stopReason !== undefined) return refuse(`the campaign has ended (${state.stopReason})`);
  switch (command.kind) {
    case 'pause':
      return state.paused ? refuse('the campaign is paused already') : undefined;
    case 'resume':
      return state.paused ? undefined : refuse('the campaign is not paused');
    case 'approve':
    case 'reject':
      if (state.stage !== 'gate') return refuse(`no round waits at the gate; round ${state.round} is ${state.stage}`);
      return command.round === state.round
        ? undefined
        : refuse(`round ${state.round} waits at the gate, not round ${command.round}`);
    case 'restart-fold': {
      if (state.stage !== 'training') return refuse(`round ${state.round} is ${state.stage}, not training`);
      const { folds } = spec.ensemble;
      const known = Number.isInteger(command.fold) && command.fold >= 0 && command.fold < folds;
      return known ? undefined : refuse(`there is no fold ${command.fold}, folds are 0 to ${folds - 1}`);
    }
  }
}
