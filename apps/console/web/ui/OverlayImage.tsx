import { useEffect, useRef, useState } from 'react';
import { paintOverlay, type OverlayLayers } from './paint-overlay.js';

export interface OverlayImageProps {
  readonly label: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly layers: { readonly [Layer in keyof OverlayLayers]: string | undefined };
  /** Of the probability, 0 to 1. */
  readonly opacity: number;
}

/** A small image is painted larger, so that its outline need not be as thick as its pixels. */
const WIDTH_MIN = 320;

/** An image with the outline of its label, the pixels in doubt hatched, and the probability as a warm glow. */
export function OverlayImage({ label, size, layers, opacity }: OverlayImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [loaded, setLoaded] = useState<OverlayLayers>();
  const [isBroken, setBroken] = useState(false);

  useEffect(() => {
    let current = true;
    Promise.all([layers.image, layers.mask, layers.ignore, layers.probability].map(load)).then(
      ([image, mask, ignore, probability]) => {
        if (current && image) setLoaded({ image, mask, ignore, probability });
      },
      () => {
        if (current) setBroken(true);
      },
    );
    return () => {
      current = false;
    };
  }, [layers.image, layers.mask, layers.ignore, layers.probability]);

  useEffect(() => {
    if (canvas.current && loaded) paintOverlay(canvas.current, loaded, opacity);
  }, [loaded, opacity]);

  if (isBroken) return <p className="warn broken">{label} cannot be shown</p>;
  const scale = Math.max(1, Math.ceil(WIDTH_MIN / size.width));
  return <canvas ref={canvas} width={size.width * scale} height={size.height * scale} role="img" aria-label={label} />;
}

async function load(url: string | undefined): Promise<ImageBitmap | undefined> {
  if (url === undefined) return undefined;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`"${url}" answered ${response.status}`);
  return createImageBitmap(await response.blob());
}
