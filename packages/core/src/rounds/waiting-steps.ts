interface Step {
  readonly state: 'running' | 'waiting';
  readonly attempt: number;
}

/** Asked for and not begun, so that nothing is to be said of it yet; one that failed and is tried again waits otherwise. */
export const waitsForSlot = ({ state, attempt }: Step): boolean => state === 'waiting' && attempt === 1;

/** `3 more wait for a free slot`; nothing where none does. */
export function waitingSentence(steps: readonly Step[]): string | undefined {
  const waiting = steps.filter(waitsForSlot).length;
  return waiting === 0 ? undefined : `${waiting} more ${waiting === 1 ? 'waits' : 'wait'} for a free slot`;
}
