import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchmarkSpec, CLASS_COUNT } from '../benchmark-network.js';
import type { RivalProcess } from '../rival-process.js';
import { syntheticBatch, type BatchKind } from '../synthetic-batch.js';
import { relativeError } from './relative-error.js';

/** Centre, sensitive and precise members. */
const OFFSETS = [0, -2, 2];

interface GradientError {
  readonly batch: BatchKind;
  readonly operatingPoint: number;
  /** In the Euclidean norm over all weights, against PyTorch in float64. */
  readonly relativeError: number;
  /** PyTorch's own in float32: what the precision costs anybody. */
  readonly pytorchFloat32RelativeError: number;
  readonly loss: number;
  readonly lossFloat64: number;
}

/** The gradient of the whole loss, ours in float32 against PyTorch in float64, on the same weights and batches. */
export async function compareGradients(
  pair: { ours: RivalProcess; pytorch: RivalProcess },
  { folder, quick }: { folder: string; quick: boolean },
): Promise<Record<string, unknown>> {
  const rows: GradientError[] = [];
  for (const operatingPoint of quick ? OFFSETS.slice(0, 1) : OFFSETS)
    rows.push(await compareOne(pair, { folder, batch: 'disks', operatingPoint }));
  rows.push(await compareOne(pair, { folder, batch: 'noise', operatingPoint: 0 }));
  const disks = rows.filter(({ batch }) => batch === 'disks').map((row) => row.relativeError);
  return { reference: 'PyTorch float64', relativeErrorMax: Math.max(...disks), relativeErrorMaxOf: 'disks', rows };
}

async function compareOne(
  { ours, pytorch }: { ours: RivalProcess; pytorch: RivalProcess },
  { folder, batch, operatingPoint }: { folder: string; batch: BatchKind; operatingPoint: number },
): Promise<GradientError> {
  const file = (name: string) => join(folder, name);
  const { images, labels } = syntheticBatch(benchmarkSpec(), batch);
  await writeFile(file('images.f32'), images);
  await writeFile(file('labels.u8'), labels);
  const request = {
    command: 'gradients',
    offsets: Array.from({ length: CLASS_COUNT - 1 }, () => operatingPoint),
    images: file('images.f32'),
    labels: file('labels.u8'),
  };
  const mine = await ours.ask({ ...request, output: file('ours.f32') });
  const exact = await pytorch.ask({ ...request, precision: 'float64', output: file('exact.f64') });
  await pytorch.ask({ ...request, precision: 'float32', output: file('float32.f64') });
  const reference = new Float64Array(await bufferOf(file('exact.f64')));
  const row = {
    batch,
    operatingPoint,
    relativeError: relativeError(new Float32Array(await bufferOf(file('ours.f32'))), reference),
    pytorchFloat32RelativeError: relativeError(new Float64Array(await bufferOf(file('float32.f64'))), reference),
    loss: Number(mine['loss']),
    lossFloat64: Number(exact['loss']),
  };
  process.stderr.write(
    `training: gradient at w=${operatingPoint} on ${batch}: relative error ${row.relativeError.toExponential(1)} (PyTorch float32: ${row.pytorchFloat32RelativeError.toExponential(1)})\n`,
  );
  return row;
}

async function bufferOf(path: string): Promise<ArrayBuffer> {
  return Uint8Array.from(await readFile(path)).buffer;
}
