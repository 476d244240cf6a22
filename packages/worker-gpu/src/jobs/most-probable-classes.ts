/**
 * The most probable class of each pixel, the remainder to 1 being class 0's; the lower class on a tie.
 *
 * @param levels One map a foreground class, shape (pixels,), 255 = probability 1.
 */
export function mostProbableClasses(levels: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from({ length: levels[0]!.length }, (_, pixel) => {
    let best = 0;
    let bestLevel = 255 - levels.reduce((sum, map) => sum + map[pixel]!, 0);
    levels.forEach((map, c) => {
      if (map[pixel]! > bestLevel) [best, bestLevel] = [c + 1, map[pixel]!];
    });
    return best;
  });
}
