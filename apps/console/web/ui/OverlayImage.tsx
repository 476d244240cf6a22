import { useEffect, useRef } from 'react';
import { paintOverlay, type OverlayLayers } from './paint-overlay.js';

export interface OverlayImageProps {
  readonly label: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly layers: { readonly [Layer in keyof OverlayLayers]: string | undefined };
  /** Of the probability, 0 to 1. */
  readonly opacity: number;
}

/** An image with the outline of its label, the pixels in doubt hatched, and the probability as a warm glow. */
export function OverlayImage({ label, size, layers, opacity }: OverlayImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const loaded = useRef<OverlayLayers>(undefined);
  const newest = useRef(opacity);
  newest.current = opacity;

  useEffect(() => {
    let current = true;
    void Promise.all([layers.image, layers.mask, layers.ignore, layers.probability].map(load)).then(([image, mask, ignore, probability]) => {
      if (!current || !image || !canvas.current) return;
      loaded.current = { image, mask, ignore, probability };
      paintOverlay(canvas.current, loaded.current, newest.current);
    });
    return () => {
      current = false;
    };
  }, [layers.image, layers.mask, layers.ignore, layers.probability]);

  useEffect(() => {
    if (canvas.current && loaded.current) paintOverlay(canvas.current, loaded.current, opacity);
  }, [opacity]);

  return <canvas ref={canvas} width={size.width} height={size.height} role="img" aria-label={label} />;
}

async function load(url: string | undefined): Promise<ImageBitmap | undefined> {
  if (url === undefined) return undefined;
  const response = await fetch(url);
  return response.ok ? createImageBitmap(await response.blob()) : undefined;
}
