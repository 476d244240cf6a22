import { decodeImage } from '@probity/datasets/images/decode-image';
import { encodeGrey16Png, encodeGreyPng, encodePng } from '@probity/datasets/images/encode-png';
import { describe, expect, it } from 'vitest';
import { displayedImage } from './displayed-image.js';

const size = { height: 2, width: 2 };

async function shown(png: Uint8Array): Promise<{ values: number[]; bitDepth: number }> {
  const { data, bitDepth } = await decodeImage(await displayedImage(png, 'scan'), { name: 'displayed' });
  return { values: [...data], bitDepth };
}

describe('displayedImage()', () => {
  it('stretches 8 bits over the whole screen', async () => {
    expect(await shown(await encodeGreyPng(Uint8Array.of(90, 100, 100, 110), size))).toMatchObject({
      bitDepth: 8,
      values: [0, 128, 128, 255],
    });
  });

  it('shows a 16-bit scan of small range, which would be black as it is stored', async () => {
    expect(await shown(await encodeGrey16Png(Uint16Array.of(1000, 1010, 1010, 1020), size))).toMatchObject({
      bitDepth: 8,
      values: [0, 128, 128, 255],
    });
  });

  it('keeps colours in their proportion: one range for all channels', async () => {
    const colours = Uint8Array.of(0, 50, 100, 0, 50, 100, 0, 50, 100, 0, 50, 100);
    const { values } = await shown(await encodePng({ ...size, channels: 3, data: colours }));
    expect(values.slice(0, 3)).toEqual([0, 128, 255]);
  });

  it('does not let one hot pixel in a thousand darken the rest', async () => {
    const data = Uint16Array.from({ length: 1024 }, (_, i) => (i === 5 ? 65_535 : i % 2));
    const { values } = await shown(await encodeGrey16Png(data, { height: 32, width: 32 }));
    expect(values.slice(0, 6)).toEqual([0, 255, 0, 255, 0, 255]);
  });

  it('shows an image of one colour as black, and names what it cannot read', async () => {
    expect((await shown(await encodeGreyPng(new Uint8Array(4).fill(7), size))).values).toEqual([0, 0, 0, 0]);
    await expect(displayedImage(Uint8Array.of(1, 2, 3), 'scan-7')).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringContaining('scan-7') as string,
    });
  });
});
