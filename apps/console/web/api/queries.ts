import {
  campaignRowSchema,
  campaignViewSchema,
  galleryPageSchema,
  roundDetailSchema,
  stepListSchema,
  studentAnswerSchema,
} from '@probity/core/schemas/api/campaigns';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { apiPaths } from '../paths.js';
import { getJson } from './client.js';

const LIST_REFRESH_MILLISECONDS = 4_000;

export const campaignsQuery = () =>
  queryOptions({
    queryKey: ['campaigns'],
    queryFn: ({ signal }) => getJson(apiPaths.campaigns(), z.array(campaignRowSchema), signal),
    refetchInterval: LIST_REFRESH_MILLISECONDS,
  });

/** Kept fresh by the server's events while a page shows it. */
export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', id],
    queryFn: ({ signal }) => getJson(apiPaths.campaign(id), campaignViewSchema, signal),
  });

/** Asked for again and again while steps still come, and once more when they have ended. */
export const historyQuery = (id: string, { running }: { running: boolean }) =>
  queryOptions({
    queryKey: ['campaigns', id, 'history', { running }],
    queryFn: ({ signal }) => getJson(apiPaths.history(id), stepListSchema, signal),
    placeholderData: keepPreviousData,
    refetchInterval: running && LIST_REFRESH_MILLISECONDS,
  });

/** A finished round never changes. */
export const roundQuery = (id: string, round: number) =>
  queryOptions({
    queryKey: ['campaigns', id, 'rounds', round],
    queryFn: ({ signal }) => getJson(apiPaths.round(id, round), roundDetailSchema, signal),
    staleTime: Infinity,
  });

/** Asked for again once the student is there; then it never changes. */
export const studentQuery = (id: string, { made }: { made: boolean }) =>
  queryOptions({
    queryKey: ['campaigns', id, 'student', { made }],
    queryFn: ({ signal }) => getJson(apiPaths.student(id), studentAnswerSchema, signal),
    staleTime: made ? Infinity : 0,
  });

export const galleryQuery = (
  place: { id: string; round: number },
  page: { state: 'accepted' | 'ignored'; offset: number; limit: number },
) =>
  queryOptions({
    queryKey: ['campaigns', place.id, 'rounds', place.round, 'items', page],
    queryFn: ({ signal }) => getJson(apiPaths.items(place.id, place.round, page), galleryPageSchema, signal),
    staleTime: Infinity,
  });
