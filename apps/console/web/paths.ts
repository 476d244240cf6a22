import type { Layer } from '@probity/core/schemas/api/campaigns';

/** Every address of the server is built here; those of the pages stand in the route table. */
const part = encodeURIComponent;

export const apiPaths = {
  campaigns: () => '/api/campaigns',
  campaign: (id: string) => `/api/campaigns/${part(id)}`,
  events: (id: string) => `/api/campaigns/${part(id)}/events`,
  history: (id: string) => `/api/campaigns/${part(id)}/history`,
  student: (id: string) => `/api/campaigns/${part(id)}/student`,
  round: (id: string, round: number) => `/api/campaigns/${part(id)}/rounds/${round}`,
  items: (id: string, round: number, page: { state: string; offset: number; limit: number }) =>
    `/api/campaigns/${part(id)}/rounds/${round}/items?state=${page.state}&offset=${page.offset}&limit=${page.limit}`,
  layer: (place: { id: string; round: number; item: string }, layer: Layer) =>
    `/api/campaigns/${part(place.id)}/rounds/${place.round}/items/${part(place.item)}/${layer}`,
};
