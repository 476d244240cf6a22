import { quantile } from './report.js';

export interface AlternatedContender {
  readonly name: string;
  /** Milliseconds of one step. */
  readonly step: () => Promise<number>;
}

export interface Alternation {
  readonly runs: number;
  readonly warmUps: number;
  /** A run is the median of so many consecutive steps. */
  readonly stepsPerRun: number;
  readonly title: string;
}

/**
 * Runs the contenders in turn, run by run, so that whatever else the machine does hits all of them alike. The order is
 * turned round in every second run: nobody is always the one that follows the hottest neighbour.
 *
 * @returns One list of runs a contender, milliseconds.
 */
export async function alternate(
  contenders: readonly AlternatedContender[],
  { runs, warmUps, stepsPerRun, title }: Alternation,
): Promise<number[][]> {
  for (const { step } of contenders) for (let i = 0; i < warmUps; i++) await step();
  const measured = contenders.map((): number[] => []);
  for (let run = 0; run < runs; run++) {
    const order = contenders.map((_, i) => i);
    for (const index of run % 2 === 0 ? order : order.toReversed()) {
      const steps: number[] = [];
      for (let i = 0; i < stepsPerRun; i++) steps.push(await contenders[index]!.step());
      measured[index]!.push(quantile(steps, 0.5));
    }
    const line = contenders.map(({ name }, i) => `${name} ${measured[i]!.at(-1)!.toFixed(1)} ms`).join(', ');
    process.stderr.write(`${title}: run ${run + 1} of ${runs}: ${line}\n`);
  }
  return measured;
}
