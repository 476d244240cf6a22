import type { TrainedFold } from '../schemas/trained-networks.js';

/** What trained the networks of a round; one entry a network. */
export interface RoundEngines {
  readonly round: number;
  readonly networks: readonly TrainedBy[];
}

export interface TrainedBy {
  readonly engine: string;
  /** What was to train and could not be used. */
  readonly passedOver?: string | undefined;
}

/** What trained the trunk of a fold and its members. */
export const networksOf = ({
  engine,
  passedOver,
  members,
}: Pick<TrainedFold, 'engine' | 'passedOver' | 'members'>): TrainedBy[] => [
  { engine, passedOver },
  ...members.flatMap((member) =>
    member.engine === undefined ? [] : [{ engine: member.engine, passedOver: member.passedOver }],
  ),
];

/**
 * Sentences about rounds whose networks were not all trained by one engine, or by another than the round before: engines agree
 * to rounding only, so what rounds differ by holds that too.
 */
export function engineRemarks(rounds: readonly RoundEngines[]): string[] {
  return rounds.flatMap(({ round, networks }, i) => {
    const [own, former] = [named(networks), named(rounds[i - 1]?.networks ?? networks)];
    const mixed =
      enginesOf(networks).length > 1
        ? [`the networks of round ${round} were trained by different engines: ${own}`]
        : [];
    const changed =
      own === former
        ? []
        : [
            `round ${round} was trained by ${own}, the round before by ${former}: their difference holds that change too`,
          ];
    return [...mixed, ...changed];
  });
}

/** Sentences about engines that the workers' machines have and could not train with. */
export function passedOverRemarks(rounds: readonly RoundEngines[]): string[] {
  const met = rounds.flatMap(({ round, networks }) => networks.map((network) => ({ ...network, round })));
  return [...new Set(met.flatMap(({ passedOver }) => passedOver ?? []))].map((name) => {
    const networks = met.filter(({ passedOver }) => passedOver === name);
    const places = [...new Set(networks.map(({ round }) => `round ${round}`))].join(', ');
    return `${name} was to train and could not be used where networks of ${places} were trained, so ${named(networks)} did: "probity doctor" there says why`;
  });
}

/** The engines that trained, each once, by name. */
export const enginesOf = (networks: readonly TrainedBy[]): string[] =>
  [...new Set(networks.map(({ engine }) => engine))].toSorted();

const named = (networks: readonly TrainedBy[]): string => enginesOf(networks).join(' and ');
