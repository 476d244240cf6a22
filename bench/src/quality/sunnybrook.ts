import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProbityError } from '@probity/core/errors';
import { decodeImage, toChannels } from '@probity/datasets/images/decode-image';
import { decodeMask } from '@probity/datasets/images/decode-mask';

export interface Slice {
  readonly id: string;
  /** The patient. */
  readonly group: string;
  readonly image: string;
  readonly mask: string;
}

export interface OpenedSlice {
  readonly height: number;
  readonly width: number;
  /** Grey, shape (height, width), unscaled. */
  readonly pixels: Float32Array;
  readonly mask: Uint8Array;
}

const besideTheRepository = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/data/sunnybrook-lv');

/** The folder of the images. @throws {ProbityError} `DATASET_MISSING` */
export function requireSunnybrook(): string {
  const folder = process.env['PROBITY_BENCH_DATA'] ?? besideTheRepository;
  if (!existsSync(join(folder, 'manifest.csv'))) {
    throw new ProbityError(
      'DATASET_MISSING',
      `Cannot read data set "${folder}": it has no manifest.csv. Set PROBITY_BENCH_DATA to the folder of sunnybrook-lv`,
    );
  }
  return folder;
}

/** @throws {ProbityError} `DATASET_MISSING` */
export async function listSlices(): Promise<Slice[]> {
  const folder = requireSunnybrook();
  return parseManifest(await readFile(join(folder, 'manifest.csv'), 'utf8'), folder);
}

/** The manifest names id, image, mask and patient in columns of any order, without quotes. */
export function parseManifest(text: string, folder: string): Slice[] {
  const [head = '', ...lines] = text.trim().split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string) => cells[columns.indexOf(name)] ?? fail(`line "${line}" has no ${name}`);
    return {
      id: cell('id'),
      group: cell('patient'),
      image: join(folder, cell('image')),
      mask: join(folder, cell('mask')),
    };
  });
}

function fail(found: string): never {
  throw new ProbityError('DATASET_INVALID', `Cannot read manifest.csv: ${found}`);
}

export async function openSlice({ id, image, mask }: Slice): Promise<OpenedSlice> {
  const decoded = toChannels(await decodeImage(await readFile(image), { name: id }), 1);
  const { data } = await decodeMask(await readFile(mask), { name: id });
  return {
    height: decoded.height,
    width: decoded.width,
    pixels: Float32Array.from(decoded.data),
    mask: Uint8Array.from(data),
  };
}
