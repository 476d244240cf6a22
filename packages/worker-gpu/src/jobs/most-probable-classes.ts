/**
 * The most probable class of each pixel, the remainder to 1 being class 0's; the lower class on a tie.
 *
 * @param levels One map a foreground class, shape (pixels,), 255 = probability 1.
 */
export function mostProbableClasses(levels: readonly Uint8Array[]): Uint8Array {
  const classes = new Uint8Array(levels[0]!.length);
  for (let pixel = 0; pixel < classes.length; pixel++) {
    let bestLevel = 255;
    for (const map of levels) bestLevel -= map[pixel]!; // what is left is class 0's
    for (const [c, map] of levels.entries()) {
      if (map[pixel]! <= bestLevel) continue;
      bestLevel = map[pixel]!;
      classes[pixel] = c + 1;
    }
  }
  return classes;
}
