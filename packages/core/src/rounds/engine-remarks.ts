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

/** Engines that were to train the folds of a round and could not be used; one entry a fold that has one. */
export interface RoundPassedOver {
  readonly round: number;
  readonly folds: readonly { readonly engine: string; readonly passedOver?: string | undefined }[];
}

/** Sentences about engines that the workers' machines have and could not train with. */
export function passedOverRemarks(rounds: readonly RoundPassedOver[]): string[] {
  const met = rounds.flatMap(({ round, folds }) => folds.map((fold) => ({ ...fold, round })));
  return [...new Set(met.flatMap(({ passedOver }) => passedOver ?? []))].map((name) => {
    const folds = met.filter(({ passedOver }) => passedOver === name);
    const places = [...new Set(folds.map(({ round }) => `round ${round}`))].join(', ');
    const instead = named(folds.map(({ engine }) => engine));
    return `${name} was to train and could not be used where folds of ${places} were trained, so ${instead} did: "probity doctor" there says why`;
  });
}

const named = (engines: readonly string[]): string => [...new Set(engines)].toSorted().join(' and ');
