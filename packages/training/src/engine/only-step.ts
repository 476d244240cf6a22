/** The step of a run that makes no more than one. */
export function onlyStep<Feeds>(steps: readonly Feeds[]): Feeds {
  if (steps.length !== 1) throw new Error(`Bug: ${steps.length} steps were asked for where a run makes one`);
  return steps[0]!;
}
