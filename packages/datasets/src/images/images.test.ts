import { deflateSync } from 'node:zlib';
import { createRandom } from '@probity/core/numerics/random';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, toChannels } from './decode-image.js';
import { decodeMask } from './decode-mask.js';
import { encodeGrey16Png, encodeGreyPng, encodePng } from './encode-png.js';

const name = 'images/a.png';
const size = { width: 7, height: 5 };
const random = createRandom('images');
const bytes8 = (count: number) => Uint8Array.from({ length: count }, () => random.integer(256));
const bytes16 = (count: number) => Uint16Array.from({ length: count }, () => random.integer(65_536));
const raw = (channels: 1 | 2 | 3 | 4) => ({ raw: { ...size, channels } });

describe('decodeImage()', () => {
  it.each([
    { channels: 1 as const, data: bytes8(35), bitDepth: 8 },
    { channels: 3 as const, data: bytes8(105), bitDepth: 8 },
    { channels: 1 as const, data: bytes16(35), bitDepth: 16 },
    { channels: 3 as const, data: bytes16(105), bitDepth: 16 },
  ])(
    'gives back every value of $bitDepth bits and $channels channels that encodePng wrote',
    async ({ channels, data, bitDepth }) => {
      const decoded = await decodeImage(await encodePng({ ...size, channels, data }), { name });
      expect(decoded).toEqual({ ...size, channels, bitDepth, data });
    },
  );

  it('drops alpha without mixing it in', async () => {
    const rgba = Uint8Array.from({ length: 140 }, (_, i) => (i % 4 === 3 ? 7 : random.integer(256)));
    const decoded = await decodeImage(await sharp(rgba, raw(4)).png().toBuffer(), { name });
    expect(decoded.channels).toBe(3);
    expect([...decoded.data]).toEqual([...rgba].filter((_, i) => i % 4 !== 3));
  });

  it('makes one channel of colour without colour, RGBA included', async () => {
    const grey = bytes8(35);
    const rgba = Uint8Array.from({ length: 140 }, (_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]!));
    expect(await decodeImage(await sharp(rgba, raw(4)).png().toBuffer(), { name })).toEqual({
      ...size,
      channels: 1,
      bitDepth: 8,
      data: grey,
    });
  });

  it('reads palettes and TIFF of 8 and 16 bits', async () => {
    const rgb = Uint8Array.from(
      { length: 105 },
      (_, i) => (Math.floor(i / 3) % 2 === 0 ? [10, 20, 30] : [200, 100, 0])[i % 3]!,
    );
    const palette = await sharp(rgb, raw(3)).png({ palette: true }).toBuffer();
    expect((await decodeImage(palette, { name })).data).toEqual(rgb);
    const tiff = await sharp(rgb, raw(3)).tiff({ compression: 'lzw' }).toBuffer();
    expect((await decodeImage(tiff, { name: 'a.tif' })).data).toEqual(rgb);
    const wide = bytes16(35);
    const tiff16 = await sharp(wide, raw(1)).toColourspace('grey16').tiff({ compression: 'deflate' }).toBuffer();
    expect((await decodeImage(tiff16, { name: 'a.tif' })).data).toEqual(wide);
  });

  it('turns a JPEG upright as its EXIF orientation says', async () => {
    const data = Uint8Array.from({ length: 16 * 32 }, (_, i) => (i % 32 < 16 ? 20 : 230));
    const jpeg = await sharp(data, { raw: { width: 32, height: 16, channels: 1 } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { width, height, data: upright } = await decodeImage(jpeg, { name: 'a.jpg' });
    expect([width, height]).toEqual([16, 32]);
    expect(upright[0]!).toBeLessThan(60);
    expect(upright.at(-1)!).toBeGreaterThan(200);
  });

  it('applies no profile: the numbers of the file stay', async () => {
    const data = bytes8(105);
    const png = await sharp(data, raw(3)).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer();
    expect((await decodeImage(png, { name })).data).toEqual(new Uint8Array(stored));
  });

  it.each([
    [
      'png',
      (width: number, data: Uint8Array) =>
        sharp(data, { raw: { width, height: width, channels: 1 } })
          .png()
          .toBuffer(),
    ],
    [
      'jpeg',
      (width: number, data: Uint8Array) =>
        sharp(data, { raw: { width, height: width, channels: 1 } })
          .jpeg()
          .toBuffer(),
    ],
    [
      'tiff',
      (width: number, data: Uint8Array) =>
        sharp(data, { raw: { width, height: width, channels: 1 } })
          .tiff()
          .toBuffer(),
    ],
  ])('refuses a truncated %s', async (_, encode) => {
    const whole = await encode(64, bytes8(64 * 64));
    for (const share of [0.1, 0.5, 0.9]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await expect(decodeImage(cut, { name })).rejects.toMatchObject({
        code: 'IMAGE_UNREADABLE',
        message: expect.stringContaining(name),
      });
    }
  });

  it('refuses a decompression bomb by its header', async () => {
    const bomb = pngHeaderOnly(60_000, 60_000);
    await expect(decodeImage(bomb, { name })).rejects.toThrow(
      'Cannot read image "images/a.png": it has 60000 × 60000 pixels, the limit is 100000000',
    );
  });

  it.each([
    ['text', new TextEncoder().encode('no image')],
    ['nothing', new Uint8Array()],
    ['SVG', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>')],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodeImage(bytes, { name })).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });

  it('refuses formats of the web', async () => {
    const webp = await sharp(bytes8(105), raw(3)).webp().toBuffer();
    await expect(decodeImage(webp, { name })).rejects.toThrow('its format is webp');
  });
});

describe('toChannels()', () => {
  it('repeats grey and makes luma of colour', () => {
    const grey = { width: 2, height: 1, channels: 1, bitDepth: 8, data: Uint8Array.of(3, 250) } as const;
    expect([...toChannels(grey, 3).data]).toEqual([3, 3, 3, 250, 250, 250]);
    expect(toChannels(toChannels(grey, 3), 1)).toEqual(grey);
    const colour = {
      width: 1,
      height: 1,
      channels: 3,
      bitDepth: 16,
      data: Uint16Array.of(1000, 2000, 60_000),
    } as const;
    expect([...toChannels(colour, 1).data]).toEqual([Math.round(299 + 1174 + 6840)]);
  });
});

describe('decodeMask()', () => {
  it('keeps the exact numbers of 8 and 16 bits', async () => {
    const [narrow, wide] = [Uint8Array.from({ length: 35 }, (_, i) => i % 4), bytes16(35)];
    expect(await decodeMask(await encodeGreyPng(narrow, size), { name })).toEqual({ ...size, data: narrow });
    expect(await decodeMask(await encodeGrey16Png(wide, size), { name })).toEqual({ ...size, data: wide });
  });

  it.each([1, 2, 4])('keeps the numbers of %i bits', async (bits) => {
    const values = Array.from({ length: 6 }, (_, i) => i % 2 ** bits);
    expect([...(await decodeMask(lowBitPng(values, bits), { name })).data]).toEqual(values);
  });

  it('reads a mask saved as colour, and refuses one with colours', async () => {
    const equal = Uint8Array.from({ length: 105 }, (_, i) => Math.floor(i / 3) % 3);
    const png = await sharp(equal, raw(3)).png({ palette: false }).toBuffer();
    expect([...(await decodeMask(png, { name })).data]).toEqual(Array.from({ length: 35 }, (_, i) => i % 3));
    await expect(decodeMask(await sharp(bytes8(105), raw(3)).png().toBuffer(), { name })).rejects.toThrow(
      'it has colours',
    );
  });

  it('refuses JPEG', async () => {
    await expect(decodeMask(await sharp(bytes8(35), raw(1)).jpeg().toBuffer(), { name })).rejects.toThrow(
      'cannot be JPEG',
    );
  });
});

describe('encodePng()', () => {
  it('gives equal bytes for equal pixels', async () => {
    const data = bytes8(35);
    expect(await encodeGreyPng(data, size)).toEqual(await encodeGreyPng(data.slice(), size));
  });

  it('refuses values that do not fit the size', async () => {
    await expect(encodeGreyPng(bytes8(34), size)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

/** Written by hand, since the encoder makes no PNG of fewer than 8 bits without a palette. */
function lowBitPng(values: readonly number[], bits: number): Uint8Array {
  const row = new Uint8Array(1 + Math.ceil((values.length * bits) / 8));
  values.forEach((value, i) => (row[1 + ((i * bits) >> 3)]! |= value << (8 - bits - ((i * bits) & 7))));
  return pngOf([header(values.length, 1, bits), chunk('IDAT', deflateSync(row)), chunk('IEND', new Uint8Array())]);
}

const pngHeaderOnly = (width: number, height: number) =>
  pngOf([header(width, height, 8), chunk('IDAT', deflateSync(new Uint8Array(10))), chunk('IEND', new Uint8Array())]);

function header(width: number, height: number, bits: number): Buffer {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(width, 0);
  body.writeUInt32BE(height, 4);
  body[8] = bits;
  return chunk('IHDR', body);
}

function chunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}

const pngOf = (chunks: readonly Buffer[]) =>
  new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]));

/** PNG's checksum; Node has none before 22.2. */
function crc32(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb8_8320 : 0);
  }
  return (value ^ 0xffff_ffff) >>> 0;
}
