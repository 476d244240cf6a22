/** A stream of reproducible random numbers. Two streams made from the same words are the same stream. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of it. */
  next(): number;
  /** Uniform integer in [0, limit). */
  integer(limit: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
  /** A new array in random order (Fisher and Yates). */
  shuffled<T>(values: readonly T[]): T[];
}

/**
 * Opens the random stream named by `words`, e.g. `createRandom(spec.seed, 'augmentation', fold, step)`.
 *
 * Naming streams instead of passing one generator around lets a resumed job begin in the middle: what step 700
 * draws does not depend on who drew before. The generator is xoshiro128** (Blackman and Vigna 2021) with its state
 * filled by FNV-1a and a finaliser over the words. Not for secrets.
 */
export function createRandom(...words: readonly (string | number)[]): Random {
  const state = seedState(words.join('\u0000'));
  const next32 = () => nextWord(state);
  let spare: number | undefined;

  const next = () => next32() / 2 ** 32;
  const integer = (limit: number) => Math.floor(next() * limit);
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const shuffled = <T>(values: readonly T[]): T[] => {
    const result = [...values];
    for (let i = result.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const swap = result[i]!;
      result[i] = result[j]!;
      result[j] = swap;
    }
    return result;
  };
  return { next, integer, normal, shuffled };
}

function seedState(text: string): Uint32Array {
  const state = new Uint32Array(4);
  for (let lane = 0; lane < 4; lane++) {
    let hash = (0x811c9dc5 ^ (lane * 0x9e3779b9)) >>> 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    state[lane] = hash ^ (hash >>> 16);
  }
  if (state.every((word) => word === 0)) state[0] = 1; // the all-zero state never leaves itself
  return state;
}

function nextWord(state: Uint32Array): number {
  const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));
  const result = Math.imul(rotate(Math.imul(state[1]!, 5), 7), 9) >>> 0;
  const shifted = state[1]! << 9;
  state[2]! ^= state[0]!;
  state[3]! ^= state[1]!;
  state[1]! ^= state[2]!;
  state[0]! ^= state[3]!;
  state[2]! ^= shifted;
  state[3] = rotate(state[3]!, 11);
  return result;
}
