import { unreadable } from '../images/open-image.js';
import type { Volume } from './read-volume.js';

export interface ScaledVolume {
  /** Shape (sliceCount, height, width). */
  readonly stored: Uint16Array;
  /** Value in the file's own unit = intercept + slope · stored. */
  readonly slope: number;
  readonly intercept: number;
}

const STORED_MAX = 65_535;

/**
 * Maps a volume's values linearly onto 16 bits: one map a volume, so that slices stay comparable. Whole numbers that
 * span at most 65,535 are kept exactly, spread by a whole factor so that viewers show them bright.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE` for values that are no finite numbers: what they ought to be is not ours to guess.
 */
export function scaleVolume({ voxels, slope, intercept }: Volume, name: string): ScaledVolume {
  const valueAt = (i: number) => intercept + slope * Number(voxels[i]!);
  let [low, high, notFiniteCount, areWhole] = [Infinity, -Infinity, 0, true];
  for (let i = 0; i < voxels.length; i++) {
    const value = valueAt(i);
    if (!Number.isFinite(value)) notFiniteCount++;
    if (value < low) low = value;
    if (value > high) high = value;
    areWhole &&= Number.isInteger(value);
  }
  if (notFiniteCount > 0) {
    const state = `${notFiniteCount} of its ${voxels.length} voxels are NaN or infinite; write a number there, such as the background's`;
    throw unreadable(name, state, { reason: 'not-finite' });
  }
  const range = high - low;
  const isExact = areWhole && range <= STORED_MAX;
  const perStored = range === 0 ? 1 : isExact ? 1 / Math.floor(STORED_MAX / range) : range / STORED_MAX;
  const stored = new Uint16Array(voxels.length);
  for (let i = 0; i < stored.length; i++) stored[i] = Math.min(STORED_MAX, Math.round((valueAt(i) - low) / perStored));
  return { stored, slope: perStored, intercept: low };
}

/** A mask volume's class numbers. @throws {ProbityError} `IMAGE_UNREADABLE` for values that are no class numbers. */
export function volumeClasses({ voxels, slope, intercept }: Volume, name: string): Uint16Array {
  const classes = new Uint16Array(voxels.length);
  for (let i = 0; i < classes.length; i++) {
    const value = intercept + slope * Number(voxels[i]!);
    if (!Number.isInteger(value) || value < 0 || value > STORED_MAX) {
      throw unreadable(name, `a voxel of the mask is ${value}, must be a class number`);
    }
    classes[i] = value;
  }
  return classes;
}
