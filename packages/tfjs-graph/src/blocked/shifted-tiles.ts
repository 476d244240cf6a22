import type { Value } from '../graph.js';
import { BLOCKED_DOMAIN } from '../onnx/node-list.js';
import type { OnnxBuilder } from '../operation.js';
import { fitsBlocks } from './blocked-form.js';

/** How images are cut for a filter's gradient. */
export interface Tiling {
  readonly block: number;
  /** Height and width of the filter. */
  readonly taps: readonly [number, number];
  /** Rows and columns by which the first tap lies before its pixel. */
  readonly before: readonly [number, number];
  /** Into how many parts the rows are cut; above 1 each part brings the rows beyond its border with it. */
  readonly rowParts: number;
}

export interface Tiles {
  readonly name: string;
  /** Blocks of channels, or channels where they are fewer than a block: what stands in the place of the batch. */
  readonly blocks: number;
  /** Channels side by side: a block, or 1. */
  readonly channelsOfBlock: number;
}

/** Above this many bytes of a block of channels the rows are cut, so that a part stays in the cache. */
const PART_BYTES_MAX = 600_000;
const ROWS_MIN = 32;

export function rowPartsOf(image: Value, block: number): number {
  const [, height, width] = image.shape as [number, number, number, number];
  let parts = 1;
  while (
    (height * width * block * 4) / parts > PART_BYTES_MAX &&
    height % (2 * parts) === 0 &&
    height / (2 * parts) >= ROWS_MIN
  )
    parts *= 2;
  return parts;
}

/** For each place of a tile the pixel that lies there, or the one behind the last, which is zero. */
function pixelsOf(image: Value, { block, taps, before, rowParts }: Tiling): number[] {
  const [, height, width] = image.shape as [number, number, number, number];
  const rows = height / rowParts;
  // Without parts the convolution itself pads the rows.
  const [above, below] = rowParts === 1 ? [0, 0] : [before[0], taps[0] - 1 - before[0]];
  const pixels: number[] = [];
  for (let part = 0; part < rowParts; part++)
    for (let row = part * rows - above; row < (part + 1) * rows + below; row++)
      for (let start = 0; start < width; start += block)
        for (let tap = 0; tap < taps[1]; tap++)
          for (let within = 0; within < block; within++) {
            const column = start + within + tap - before[1];
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            pixels.push(inside ? row * width + column : height * width);
          }
  return pixels;
}

/**
 * An image as the left side of a filter's gradient: `taps` copies of every column beside each other, each moved by one,
 * with the columns of a block where a convolution looks for channels.
 *
 * The result has shape (blocks, batch · parts · block, rows, columns / block · taps · channels of a block), blocked.
 */
export function shiftedTiles(image: Value, tiling: Tiling, onnx: OnnxBuilder): Tiles {
  const { block, taps, rowParts } = tiling;
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const isBlocked = fitsBlocks(image, block);
  const channelsOfBlock = isBlocked ? block : 1;
  const blocks = channels / channelsOfBlock;
  const pixels = pixelsOf(image, tiling);

  const standing = onnx.read(image, isBlocked ? 'blocked' : 'channels-first');
  const split = onnx.reshape(standing, [batch, blocks, height * width, channelsOfBlock]);
  const turned = blocks === 1 ? split : onnx.emit('Transpose', [split], { perm: [1, 0, 2, 3] });
  const flat = onnx.reshape(turned, [blocks * batch, height * width, channelsOfBlock]);
  const zero = onnx.constant(new Float32Array(blocks * batch * channelsOfBlock), [blocks * batch, 1, channelsOfBlock]);
  const bordered = onnx.emit('Concat', [flat, zero], { axis: 1 });
  const gathered = onnx.emit('Gather', [bordered, onnx.constant(Int32Array.from(pixels), [pixels.length])], {
    axis: 1,
  });
  const rows = pixels.length / (rowParts * taps[1] * width);
  const shape = [blocks, batch * rowParts * block, rows, (width / block) * taps[1] * channelsOfBlock];
  if (!isBlocked) return { name: onnx.reshape(gathered, shape), blocks, channelsOfBlock };
  // Within each block columns and channels change places.
  const squares = onnx.reshape(gathered, [(blocks * batch * pixels.length) / block, block, 1, block]);
  const changed = onnx.emit(`${BLOCKED_DOMAIN}.ReorderOutput`, [squares], { channels: block, channels_last: 0 });
  return { name: onnx.reshape(changed, shape), blocks, channelsOfBlock };
}
