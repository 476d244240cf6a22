import type { EarlyExitChoice } from '../schemas/round-artifacts.js';
import { differencesText } from './score-differences.js';

/** Whether a round's sweep had an early exit, and why: the end of a sentence that begins with the round. */
export function earlyExitText({ used, reason, leaving, saved, differences }: EarlyExitChoice): string {
  const share = (value: number) => `${(100 * value).toFixed(0)} %`;
  const found = `out of fold ${share(leaving)} of the items can leave behind the members of the least and the greatest operating point`;
  if (used)
    return `swept with an early exit: ${found}, which saves about ${share(saved)} of the networks; ${differencesText(differences)}`;
  const why = reason === 'beyond-band' ? differencesText(differences) : 'that saves too few networks';
  return `swept without an early exit: ${found}; ${why}`;
}

/** A sentence about a round in which an early exit was asked for and not used. */
export const earlyExitRemarks = ({ earlyExit }: { earlyExit?: EarlyExitChoice | undefined }, round: number): string[] =>
  earlyExit && !earlyExit.used ? [`round ${round} was ${earlyExitText(earlyExit)}`] : [];
