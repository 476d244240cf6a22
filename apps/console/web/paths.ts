import type { Layer } from '@probity/core/schemas/api/campaigns';

/** Every address of the page and of its server is built here. */
const part = encodeURIComponent;

export const paths = {
  campaigns: () => '/',
  campaign: (id: string) => `/campaigns/${part(id)}`,
  round: (id: string, round: number) => `/campaigns/${part(id)}/rounds/${round}`,
};

export const apiPaths = {
  campaigns: () => '/api/campaigns',
  campaign: (id: string) => `/api/campaigns/${part(id)}`,
  events: (id: string) => `/api/campaigns/${part(id)}/events`,
  history: (id: string) => `/api/campaigns/${part(id)}/history`,
  round: (id: string, round: number) => `/api/campaigns/${part(id)}/rounds/${round}`,
  items: (id: string, round: number, page: { state: string; offset: number; limit: number }) =>
    `/api/campaigns/${part(id)}/rounds/${round}/items?state=${page.state}&offset=${page.offset}&limit=${page.limit}`,
  layer: (place: { id: string; round: number; item: string }, layer: Layer) =>
    `/api/campaigns/${part(place.id)}/rounds/${place.round}/items/${part(place.item)}/${layer}`,
};
