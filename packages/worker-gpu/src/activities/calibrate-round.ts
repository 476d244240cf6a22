import { calibrateRound as calibrate } from '@probity/core/calibration/calibrate-round';
import { calibrateInPrecision } from '@probity/core/calibration/choose-precision';
import { calibrateWithEarlyExit } from '@probity/core/calibration/early-exit';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import { intervalSchema, outOfFoldSchema } from '@probity/core/schemas/round-artifacts';
import { calibrateRoundRequestSchema } from '@probity/core/schemas/steps';
import { z } from 'zod';
import { asActivity } from './as-activity.js';
import { once, readJson } from './once.js';

const calibrateResultSchema = z.object({
  calibration: artifactRefSchema,
  eceBefore: intervalSchema,
  eceAfter: intervalSchema,
});

/** Fits votes to probabilities on the out-of-fold evidence, chooses thresholds, and reports both. */
export const calibrateRound = (store: ArtifactStore) =>
  asActivity(calibrateRoundRequestSchema, async ({ spec, evidence }, { signal }) => {
    const { operatingPoints } = spec.ensemble;
    const { precision, earlyExit } = spec.inference;
    const inEightBits = precision === 'int8';
    const inputs = {
      evidence: evidence.map(({ sha256 }) => sha256),
      calibration: spec.calibration,
      selection: spec.selection,
      operatingPoints,
      seed: spec.seed,
      ...(inEightBits && { precision }),
      ...(earlyExit && { earlyExit }),
    };
    return once(
      { store, step: 'calibrate-round', version: 2, inputs, schema: calibrateResultSchema, signal },
      async ({ putJson }) => {
        const outOfFold = await Promise.all(evidence.map((ref) => readJson(store, ref, outOfFoldSchema)));
        const classCount = outOfFold[0]!.items[0]!.classes.length + 1;
        const calibrateAsAsked = inEightBits ? calibrateInPrecision : earlyExit ? calibrateWithEarlyExit : calibrate;
        const calibration = calibrateAsAsked({
          evidence: outOfFold,
          spec: spec.calibration,
          selection: spec.selection,
          classNames: Array.from({ length: classCount }, (_, i) => `class ${i}`),
          operatingPoints,
          seed: spec.seed,
        });
        // One figure a round for the table: the class that is worst calibrated before.
        const worst = calibration.report.toSorted((a, b) => b.before.ece.value - a.before.ece.value)[0]!;
        return {
          calibration: await putJson('calibration.json', calibration),
          eceBefore: worst.before.ece,
          eceAfter: worst.after.ece,
        };
      },
    );
  });
