export interface OverlayLayers {
  readonly image: ImageBitmap;
  readonly mask: ImageBitmap | undefined;
  readonly ignore: ImageBitmap | undefined;
  readonly probability: ImageBitmap | undefined;
}

type Colour = readonly [red: number, green: number, blue: number];
const OUTLINE: Colour = [40, 230, 200];
const DOUBT: Colour = [250, 190, 60];
const GLOW: Colour = [255, 110, 40];
/** A line is as thick as this part of the picture's width. */
const THINNEST = 160;

/** Paints the layers at the canvas's size; pixels of a small image become squares, the outline stays fine. */
export function paintOverlay(canvas: HTMLCanvasElement, layers: OverlayLayers, opacity: number): void {
  const { width, height } = canvas;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const thickness = Math.max(1, Math.round(width / THINNEST));
  context.imageSmoothingEnabled = false;
  context.drawImage(layers.image, 0, 0, width, height);
  const picture = context.getImageData(0, 0, width, height);
  const [mask, ignore, probability] = [layers.mask, layers.ignore, layers.probability].map(
    (layer) => layer && valuesOf(layer, { width, height }),
  );
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (probability) blend(picture.data, i, { colour: GLOW, share: (probability[i]! / 255) * opacity });
    if (ignore && ignore[i]! > 0 && (x + y) % (4 * thickness) < thickness)
      blend(picture.data, i, { colour: DOUBT, share: 0.8 });
    if (mask && isEdge(mask, i, { x, y, width, height, thickness }))
      blend(picture.data, i, { colour: OUTLINE, share: 1 });
  }
  context.putImageData(picture, 0, 0);
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly thickness: number;
}

/** A labelled pixel with another class, or nothing, beside it. */
function isEdge(mask: Uint8ClampedArray, i: number, { x, y, width, height, thickness }: Place): boolean {
  const own = mask[i]!;
  if (own === 0) return false;
  const beside = [
    x >= thickness ? mask[i - thickness] : 0,
    x < width - thickness ? mask[i + thickness] : 0,
    y >= thickness ? mask[i - width * thickness] : 0,
    y < height - thickness ? mask[i + width * thickness] : 0,
  ];
  return beside.some((value) => value !== own);
}

function blend(data: Uint8ClampedArray, i: number, { colour, share }: { colour: Colour; share: number }): void {
  colour.forEach((value, c) => {
    data[i * 4 + c] = data[i * 4 + c]! * (1 - share) + value * share;
  });
}

/** The grey values of a layer, as many as the canvas has pixels. */
function valuesOf(layer: ImageBitmap, { width, height }: { width: number; height: number }): Uint8ClampedArray {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingEnabled = false;
  context.drawImage(layer, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return Uint8ClampedArray.from({ length: width * height }, (_, i) => data[i * 4]!);
}
