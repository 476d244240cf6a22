/** One row of the training bench. */
export interface TrainingSetting {
  /** 16: 487,730 parameters; 32: 1,947,746. */
  readonly baseWidth: number;
  /** Of each process. */
  readonly threads: number;
  /** Processes side by side, each training a network of its own, on either side. */
  readonly jobs: number;
  /** Whether PyTorch's compiled form runs as well. */
  readonly withCompiled: boolean;
  readonly runs: number;
  readonly warmUps: number;
  /** Consecutive steps of every process that make a run. */
  readonly stepsPerRun: number;
}

const setting = (row: Partial<TrainingSetting>): TrainingSetting => ({
  baseWidth: 16,
  threads: 2,
  jobs: 1,
  withCompiled: false,
  runs: 15,
  warmUps: 3,
  stepsPerRun: 3,
  ...row,
});

/** The first row is the one the report begins with. */
export function trainingSettings(quick: boolean): readonly TrainingSetting[] {
  if (quick)
    return [
      setting({ runs: 5, warmUps: 1, stepsPerRun: 2 }),
      setting({ threads: 1, runs: 3, warmUps: 1, stepsPerRun: 2 }),
    ];
  const large = { baseWidth: 32, runs: 7, warmUps: 2, stepsPerRun: 2 };
  return [
    setting({ withCompiled: true }),
    setting({ threads: 1, withCompiled: true }),
    setting({ threads: 1, jobs: 2 }),
    setting({ ...large }),
    setting({ ...large, threads: 1 }),
  ];
}

export const titleOf = ({ baseWidth, threads, jobs }: TrainingSetting): string =>
  `training, width ${baseWidth}, ${jobs} process(es) of ${threads} thread(s)`;
