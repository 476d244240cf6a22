import type { StoreSettings } from '@probity/connections/settings';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { bestRound } from '@probity/core/rounds/campaign-state';
import { reportCampaign, type CampaignReport } from '@probity/core/rounds/campaign-report';
import { engineRemarks, enginesOf, networksOf, passedOverRemarks } from '@probity/core/rounds/engine-remarks';
import { memoryRemarks } from '@probity/core/rounds/memory-remarks';
import { compareStudent, type StudentRow } from '@probity/core/rounds/student-report';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignState, RoundSummary, StudentSummary } from '@probity/core/schemas/campaign-state';
import {
  calibrationSchema,
  campaignPlanSchema,
  evaluationSchema,
  type Calibration,
  type Interval,
} from '@probity/core/schemas/round-artifacts';
import { trainedFoldSchema, trainedStudentSchema } from '@probity/core/schemas/trained-networks';
import type { CampaignView } from '@probity/connections/campaigns/read-campaign';
import { earlyExitRemarks } from '@probity/core/calibration/early-exit-text';
import { precisionRemarks } from '@probity/core/calibration/precision-text';
import { centreShift } from '@probity/core/calibration/member-dice';
import type { z } from 'zod';

export interface FullReport extends CampaignReport {
  readonly id: string;
  readonly status: CampaignView['status'];
  readonly dataset: string;
  readonly remarks: readonly string[];
  /** What trained the networks of any round, e.g. `onnx-cpu-blocks-of-16`. */
  readonly engines: readonly string[];
  /** Versions of the data set that the rounds published, as they are asked for. */
  readonly versions: readonly string[];
  readonly bestVersion?: string;
  /** The student beside the ensemble that taught it; absent where none was made. */
  readonly student?: StudentReport;
  /** Where the bytes are. */
  readonly store: string;
  readonly failure?: CampaignView['failure'];
}

export interface StudentReport extends Pick<StudentSummary, 'round' | 'difference' | 'labelledCount' | 'poolCount'> {
  readonly score: { readonly ensemble: Interval; readonly student: Interval };
  readonly rows: readonly StudentRow[];
}

/** A campaign's rounds as a person wants to see them, and where to find what it made. */
export async function fullReport(
  campaign: CampaignView,
  store: ArtifactStore,
  storeSettings: StoreSettings,
): Promise<FullReport> {
  const { id, status, spec, state, failure } = campaign;
  const plan = state.plan === undefined ? undefined : await read(store, state.plan, campaignPlanSchema);
  const calibrations = await Promise.all(
    state.rounds.map(({ calibration }) => read(store, calibration, calibrationSchema)),
  );
  const last = calibrations.at(-1);
  const rounds = await Promise.all(state.rounds.map((round) => foldsOf(round, store)));
  const engines = rounds.map(({ round, folds }) => ({ round, networks: folds.flatMap(networksOf) }));
  const best = bestRound(state)?.round;
  const versionOf = (round: number) => `${spec.dataset}@${id}/round-${round}`;
  return {
    ...reportCampaign(state, { labelledCount: plan?.labelled.length ?? 0 }),
    id,
    status,
    dataset: spec.dataset,
    remarks: [
      ...(plan?.folds.remarks ?? []),
      ...(last ? centreRemarks(last) : []),
      ...calibrations.flatMap((calibration, i) => precisionRemarks(calibration, state.rounds[i]!.round)),
      ...calibrations.flatMap((calibration, i) => earlyExitRemarks(calibration, state.rounds[i]!.round)),
      ...engineRemarks(engines),
      ...passedOverRemarks(engines),
      ...memoryRemarks(
        rounds.map(({ round, folds }) => ({ round, batchParts: folds.map(({ batchParts }) => batchParts ?? 1) })),
      ),
    ],
    engines: enginesOf(engines.flatMap(({ networks }) => networks)),
    versions: state.rounds.map(({ round }) => versionOf(round)),
    ...(best !== undefined && { bestVersion: versionOf(best) }),
    ...(state.student !== undefined && { student: await studentReport(state, state.student, store) }),
    store: describeStore(storeSettings),
    ...(failure !== undefined && { failure }),
  };
}

async function studentReport(
  { rounds }: CampaignState,
  { round, score, difference, labelledCount, poolCount, ...refs }: StudentSummary,
  store: ArtifactStore,
): Promise<StudentReport> {
  const teacher = rounds.find((finished) => finished.round === round)!;
  const [{ classes }, ensemble, student] = await Promise.all([
    read(store, refs.student, trainedStudentSchema),
    read(store, teacher.evaluation, evaluationSchema),
    read(store, refs.evaluation, evaluationSchema),
  ]);
  const scores = { ensemble: teacher.score, student: score };
  const rows = compareStudent({ classes, ensemble, student });
  return { round, score: scores, difference, labelledCount, poolCount, rows };
}

async function read<Value>(store: ArtifactStore, ref: ArtifactRef, schema: z.ZodType<Value>): Promise<Value> {
  return schema.parse(JSON.parse(new TextDecoder().decode(await store.get(ref))));
}

const foldsOf = async ({ round, folds }: RoundSummary, store: ArtifactStore) => ({
  round,
  folds: await Promise.all(folds.map((fold) => read(store, fold, trainedFoldSchema))),
});

/** Where the middle member of a class is not its best one; the next campaign may start there. */
const centreRemarks = ({ report }: Calibration): string[] =>
  report.flatMap(({ classIndex, members }) => {
    const shift = centreShift(members);
    if (shift === 0) return [];
    return [
      `of class ${classIndex} the member at w=${shift} has the best Dice out of fold, not the middle one; a next campaign may move its ensemble.centre that way`,
    ];
  });

export const describeStore = (settings: StoreSettings): string =>
  settings.kind === 'directory'
    ? settings.directory
    : `${settings.endpoint}, bucket ${settings.bucket}${settings.prefix === '' ? '' : `, prefix ${settings.prefix}`}`;
