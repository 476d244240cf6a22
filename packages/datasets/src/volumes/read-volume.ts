import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isNIFTI, readHeader, type NIFTI1, type NIFTI2 } from 'nifti-reader-js';
import { PIXELS_MAX, unreadable, type DecodeOptions } from '../images/open-image.js';

/** NIfTI's datatype codes of real numbers. */
const DATATYPES = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
  1024: BigInt64Array,
  1280: BigUint64Array,
} as const;
type Voxels = InstanceType<(typeof DATATYPES)[keyof typeof DATATYPES]>;

/** Header, extensions and padding before the voxels. */
const HEADER_BYTES_MAX = 16_777_216;
/** A volume may hold this many slices of the greatest image: 200 million voxels by default, a large CT. */
const SLICES_OF_PIXELS_MAX = 2;

export interface Volume {
  readonly width: number;
  readonly height: number;
  /** Along the file's last axis. */
  readonly sliceCount: number;
  /** Shape (sliceCount, height, width): as in the file, before slope and intercept. */
  readonly voxels: Voxels;
  /** Value = intercept + slope · voxel. */
  readonly slope: number;
  readonly intercept: number;
  /** Size of a voxel along width, height and slices, in the file's unit, mostly millimetres. */
  readonly spacing: readonly [number, number, number];
}

/**
 * Reads a NIfTI-1 or -2 volume, plain or gzipped, of any real pixel type and byte order.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`: no NIfTI, truncated, damaged, too large, no plain 3-D volume.
 */
export async function readVolume(bytes: Uint8Array, { name, pixelsMax = PIXELS_MAX }: DecodeOptions): Promise<Volume> {
  const voxelsMax = SLICES_OF_PIXELS_MAX * pixelsMax;
  const file = await decompressed(bytes, { name, bytesMax: 8 * voxelsMax + HEADER_BYTES_MAX });
  const header = headerOf(file, name);
  const { width, height, sliceCount } = sizeOf(header, name);
  if (width * height > pixelsMax || width * height * sliceCount > voxelsMax) {
    const state = `it has ${width} × ${height} × ${sliceCount} voxels, the limit is ${pixelsMax} a slice and ${voxelsMax} in all`;
    throw unreadable(name, state, { reason: 'pixel-limit' });
  }
  const { scl_slope: slope, scl_inter: intercept } = header;
  const isScaled = Number.isFinite(slope) && slope !== 0; // NIfTI: a slope of 0 means that there is none
  return {
    width,
    height,
    sliceCount,
    voxels: voxelsOf(file, { header, name, count: width * height * sliceCount }),
    slope: isScaled ? slope : 1,
    intercept: isScaled && Number.isFinite(intercept) ? intercept : 0,
    spacing: [header.pixDims[1] ?? 1, header.pixDims[2] ?? 1, header.pixDims[3] ?? 1],
  };
}

async function decompressed(
  bytes: Uint8Array,
  { name, bytesMax }: { name: string; bytesMax: number },
): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    // Node's own gunzip checks length and checksum, and stops at the limit.
    return await promisify(gunzip)(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    const isBomb = error instanceof RangeError;
    const text = error instanceof Error ? error.message : String(error);
    const state = isBomb ? `it unpacks to more than ${bytesMax} bytes` : `not a whole gzip file (${text})`;
    throw unreadable(name, state, { reason: isBomb ? 'pixel-limit' : 'unreadable', cause: error });
  }
}

function headerOf(file: Uint8Array, name: string): NIFTI1 | NIFTI2 {
  const buffer = exactBuffer(file);
  // The library reads fields before it looks at the length.
  if (buffer.byteLength < 352 || !isNIFTI(buffer))
    throw unreadable(name, 'not a NIfTI file of one piece (.nii or .nii.gz)');
  return readHeader(buffer);
}

function sizeOf({ dims }: NIFTI1 | NIFTI2, name: string): { width: number; height: number; sliceCount: number } {
  const axes = dims.slice(1, 1 + (dims[0] ?? 0));
  const [width = 0, height = 0, sliceCount = 1, ...others] = axes;
  const isVolume = width >= 1 && height >= 1 && sliceCount >= 1 && others.every((length) => length === 1);
  if (!isVolume) throw unreadable(name, `its axes are ${axes.join(' × ')}, must be two or three`);
  return { width, height, sliceCount };
}

interface VoxelPlace {
  readonly header: NIFTI1 | NIFTI2;
  readonly name: string;
  readonly count: number;
}

function voxelsOf(file: Uint8Array, { header, name, count }: VoxelPlace): Voxels {
  const code = header.datatypeCode;
  const Type = Object.hasOwn(DATATYPES, code) ? DATATYPES[code as keyof typeof DATATYPES] : undefined;
  if (Type === undefined) throw unreadable(name, `its data type (code ${code}) holds no plain numbers`);
  const wanted = count * Type.BYTES_PER_ELEMENT;
  // Not the library's readImage: it takes an axis of a flat image for one of length 0.
  const raw = new Uint8Array(file.subarray(header.vox_offset, header.vox_offset + wanted)); // a copy, to swap bytes in
  if (raw.byteLength < wanted) throw unreadable(name, `it ends early: ${raw.byteLength} of ${wanted} bytes of voxels`);
  if (!header.littleEndian) swapBytes(raw, Type.BYTES_PER_ELEMENT);
  return new Type(raw.buffer, 0, count);
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; size > 1 && start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

function exactBuffer({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  if (byteOffset === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer;
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer; // files are never read into shared memory
}
