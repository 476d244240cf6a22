import { requireInput } from '@probity/core/errors';
import type { DatasetItem, DatasetVersion, Label } from '@probity/core/schemas/dataset-version';

export interface VersionFilter {
  readonly origin?: 'human' | 'machine' | undefined;
  /** Machine labels made in this round; human labels have no round and are left out. */
  readonly round?: number | undefined;
  /** Machine labels at or above; human labels stay, unless `origin` leaves them out. 0 to 1. */
  readonly confidenceMin?: number | undefined;
  /** Name of a class that the label must show. */
  readonly className?: string | undefined;
  readonly role?: NonNullable<DatasetItem['role']> | undefined;
}

export const isFilterEmpty = (filter: VersionFilter): boolean =>
  Object.values(filter).every((value) => value === undefined);

/**
 * The items whose label passes every part of the filter. An empty filter passes all items, those without label too;
 * any other passes labelled items only.
 *
 * @throws {ProbityError} `INVALID_INPUT` for a class that the data set lacks or a confidence outside [0, 1].
 */
export function filterVersion(version: DatasetVersion, filter: VersionFilter): DatasetVersion {
  if (isFilterEmpty(filter)) return version;
  const { origin, round, confidenceMin, className, role } = filter;
  const classIndex = className === undefined ? undefined : version.classes.indexOf(className);
  requireInput(classIndex !== -1, `Cannot filter by class "${className}": classes are ${version.classes.join(', ')}`);
  requireInput(
    confidenceMin === undefined || (confidenceMin >= 0 && confidenceMin <= 1),
    `Cannot filter by confidence ${confidenceMin}: must be 0 to 1`,
  );
  const passes = (label: Label) =>
    (origin === undefined || label.origin === origin) &&
    (round === undefined || label.round === round) &&
    (confidenceMin === undefined || label.origin === 'human' || (label.confidence ?? 0) >= confidenceMin) &&
    (classIndex === undefined || shownClasses(label).includes(classIndex));
  const items = version.items.filter(
    (item) => (role === undefined || item.role === role) && item.label !== undefined && passes(item.label),
  );
  return { ...version, items };
}

/** Indices of the classes a label shows. */
export const shownClasses = (label: Label): readonly number[] =>
  label.kind === 'mask' ? label.classes : [label.classIndex];
