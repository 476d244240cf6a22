import type { Calibration } from '../schemas/round-artifacts.js';
import { calibrateRound, type RoundEvidence } from './calibrate-round.js';
import { isWithinBand, scoreDifferences } from './score-differences.js';

/**
 * Calibrates a round of which predictions in 8 bits were asked for: on these, if they score as those in float32 do out of
 * fold, else on float32. A sweep must then predict in the precision that `precision.used` names: the maps were fitted on
 * its votes, and the thresholds keep their promise for its votes alone.
 *
 * @throws {ProbityError} As `calibrateRound`.
 */
export function calibrateInPrecision(round: RoundEvidence): Calibration {
  const inFloat32 = calibrateRound(round);
  const eightBits = round.evidence.flatMap((one) => one.eightBits ?? []);
  if (eightBits.length < round.evidence.length)
    return { ...inFloat32, precision: { used: 'float32', reason: 'engine-without', differences: [] } };
  const evidence = round.evidence.map((one, i) => ({ ...one, items: eightBits[i]!.items }));
  const inEightBits = calibrateRound({ ...round, evidence });
  const differences = scoreDifferences(inFloat32, inEightBits);
  return isWithinBand(differences)
    ? { ...inEightBits, precision: { used: 'int8', ranges: eightBits.map(({ ranges }) => ranges), differences } }
    : { ...inFloat32, precision: { used: 'float32', reason: 'beyond-band', differences } };
}
