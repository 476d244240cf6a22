import type { Evaluation, CalibrationError, Interval } from '../schemas/round-artifacts.js';

/** What is compared of an evaluation. */
export type Compared = Pick<Evaluation, 'score' | 'metrics' | 'calibrationAfter'>;

/** One foreground class as the ensemble or its student sees it on the locked test set. */
export interface StudentRow {
  readonly className: string;
  readonly model: 'ensemble' | 'student';
  /** Absent in a classification, and where the class is neither there nor seen. */
  readonly dice?: Interval;
  /** Of the probabilities that are used: the ensemble's calibrated ones, the student's own. */
  readonly error: CalibrationError;
}

/** The rows of the comparison: each foreground class, the ensemble first. */
export function compareStudent({
  classes,
  ensemble,
  student,
}: {
  /** All classes, the background included. */
  readonly classes: readonly string[];
  readonly ensemble: Compared;
  readonly student: Compared;
}): StudentRow[] {
  return ensemble.calibrationAfter.flatMap((_, c) => {
    const className = classes[c + 1] ?? `class ${c + 1}`;
    return (
      [
        ['ensemble', ensemble],
        ['student', student],
      ] as const
    ).map(([model, { metrics, calibrationAfter }]): StudentRow => {
      const dice = metrics[`dice:${className}`];
      return { className, model, ...(dice && { dice }), error: calibrationAfter[c]! };
    });
  });
}
