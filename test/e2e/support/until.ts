export interface Patience {
  readonly minutesMax?: number;
  /** What to add to the error when it took too long. */
  readonly explain?: () => Promise<string>;
}

/** Looks again and again until there is an answer; for states that another process reaches in its own time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { minutesMax = 3, explain = () => Promise.resolve('') }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + minutesMax * 60_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited ${minutesMax} minutes for ${what}. ${await explain()}`);
}
