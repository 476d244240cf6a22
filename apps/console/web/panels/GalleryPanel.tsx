import type { GalleryItem } from '@probity/core/schemas/api/campaigns';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { galleryQuery } from '../api/queries.js';
import { percent } from '../ui/numbers.js';
import { OverlayImage } from '../ui/OverlayImage.js';
import { Panel } from '../ui/Panel.js';
import { apiPaths } from '../paths.js';

const PAGE_SIZE = 12;

/** What was taken from the pool and what was left, with the outline of the label and the probability behind it. */
export function GalleryPanel({ id, round }: { id: string; round: number }) {
  const [state, setState] = useState<'accepted' | 'ignored'>('accepted');
  const [offset, setOffset] = useState(0);
  const [opacity, setOpacity] = useState(0.45);
  const items = useQuery(galleryQuery({ id, round }, { state, offset, limit: PAGE_SIZE }));
  const choose = (next: 'accepted' | 'ignored') => {
    setState(next);
    setOffset(0);
  };
  return (
    <Panel
      title={state === 'accepted' ? 'Accepted items' : 'Ignored items'}
      note={
        state === 'accepted'
          ? 'The least sure first. Line: the label. Hatched: pixels in doubt, which teach nothing.'
          : 'The most sure first: what would be taken next.'
      }
      actions={
        <div className="controls" role="group" aria-label="Gallery">
          {(['accepted', 'ignored'] as const).map((word) => (
            <button key={word} type="button" aria-pressed={state === word} onClick={() => choose(word)}>
              {word === 'accepted' ? 'Accepted' : 'Ignored'}
            </button>
          ))}
          <label>
            Probability overlay{' '}
            <input
              type="range"
              min={0}
              max={1}
              step={0.05}
              value={opacity}
              onChange={({ target }) => setOpacity(Number(target.value))}
            />
          </label>
        </div>
      }
      query={items}
      empty={({ total }) => (total === 0 ? `No item was ${state} in this round.` : undefined)}
    >
      {(page) => (
        <>
          <ul className="gallery">
            {page.items.map((item) => (
              <li key={item.id}>
                <GalleryCard item={item} place={{ id, round }} opacity={opacity} />
              </li>
            ))}
          </ul>
          <nav className="controls" aria-label="Pages of the gallery">
            <button type="button" disabled={offset === 0} onClick={() => setOffset(offset - PAGE_SIZE)}>
              Earlier
            </button>
            <span>
              {offset + 1} to {offset + page.items.length} of {page.total}
            </span>
            <button
              type="button"
              disabled={offset + page.items.length >= page.total}
              onClick={() => setOffset(offset + PAGE_SIZE)}
            >
              Later
            </button>
          </nav>
        </>
      )}
    </Panel>
  );
}

function GalleryCard({
  item,
  place,
  opacity,
}: {
  item: GalleryItem;
  place: { id: string; round: number };
  opacity: number;
}) {
  const url = (layer: GalleryItem['layers'][number]) => apiPaths.layer({ ...place, item: item.id }, layer);
  const has = (layer: GalleryItem['layers'][number]) => (item.layers.includes(layer) ? url(layer) : undefined);
  return (
    <figure>
      <OverlayImage
        label={`Item ${item.id}`}
        size={item}
        layers={{ image: url('image'), mask: has('mask'), ignore: has('ignore'), probability: has('probability') }}
        opacity={opacity}
      />
      <figcaption>
        <b>{item.id}</b>
        <br />
        {item.className && `${item.className} · `}
        {item.confidence !== undefined && `confidence ${percent(item.confidence)}`}
        {item.decided !== undefined && ` · decided ${percent(item.decided)}`}
        {item.reason && ` · ${item.reason}`}
      </figcaption>
    </figure>
  );
}
