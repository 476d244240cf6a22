import { requireInput } from '../errors.js';

/** S3 allows 1,024 bytes; the rest is left for the bucket's prefix. */
const KEY_LENGTH_MAX = 900;
/** File systems allow 255 bytes a name. */
const SEGMENT_LENGTH_MAX = 200;

/**
 * Throws unless every store can hold `key`: printable ASCII but the backslash, segments between slashes that are
 * neither empty nor `.` or `..`. ASCII, since only there every store sorts alike; no dots, so that no key leaves a folder.
 *
 * @throws {ProbityError} `INVALID_INPUT`
 */
export function requireKey(key: string): void {
  const refuse = (state: string): string => `Cannot use store key "${key}": ${state}`;
  requireInput(key.length <= KEY_LENGTH_MAX, refuse(`it is longer than ${KEY_LENGTH_MAX} characters`));
  requireInput(/^[\x20-\x5b\x5d-\x7e]+$/.test(key), refuse('it is empty or holds more than printable ASCII'));
  for (const segment of key.split('/')) {
    requireInput(segment !== '', refuse('a part between slashes is empty'));
    requireInput(segment !== '.' && segment !== '..', refuse('"." and ".." are no names'));
    requireInput(
      segment.length <= SEGMENT_LENGTH_MAX,
      refuse(`a part is longer than ${SEGMENT_LENGTH_MAX} characters`),
    );
  }
}
