/** What trained the folds of a round; one entry a fold. */
export interface RoundEngines {
  readonly round: number;
  readonly engines: readonly string[];
}

/**
 * Sentences about rounds whose folds were not all trained by one engine, or by another than the round before: engines agree
 * to rounding only, so what rounds differ by holds that too.
 */
export function engineRemarks(rounds: readonly RoundEngines[]): string[] {
  return rounds.flatMap(({ round, engines }, i) => {
    const [own, former] = [named(engines), named(rounds[i - 1]?.engines ?? engines)];
    const mixed =
      new Set(engines).size > 1 ? [`the folds of round ${round} were trained by different engines: ${own}`] : [];
    const changed =
      own === former
        ? []
        : [
            `round ${round} was trained by ${own}, the round before by ${former}: their difference holds that change too`,
          ];
    return [...mixed, ...changed];
  });
}

const named = (engines: readonly string[]): string => [...new Set(engines)].toSorted().join(' and ');
