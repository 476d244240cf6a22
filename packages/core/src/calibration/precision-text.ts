import type { PrecisionChoice } from '../schemas/round-artifacts.js';
import { differencesText } from './score-differences.js';

/** What a round of which 8 bits were asked for was predicted in, and why: the end of a sentence that begins with the round. */
export function precisionText(choice: PrecisionChoice): string {
  if (choice.used === 'int8') return `predicted with convolutions in 8 bits: ${differencesText(choice.differences)}`;
  const why =
    choice.reason === 'engine-without'
      ? 'not every worker that predicted out of fold has them'
      : differencesText(choice.differences);
  return `predicted in float32 and not in 8 bits: ${why}`;
}

/** A sentence about a round in which predictions in 8 bits were asked for and not used. */
export const precisionRemarks = ({ precision }: { precision?: PrecisionChoice | undefined }, round: number): string[] =>
  precision?.used === 'float32' ? [`round ${round} was ${precisionText(precision)}`] : [];
