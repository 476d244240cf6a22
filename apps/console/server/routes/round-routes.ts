import {
  galleryPageSchema,
  galleryStateSchema,
  layerSchema,
  roundDetailSchema,
  studentAnswerSchema,
} from '@probity/core/schemas/api/campaigns';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Campaigns } from '../campaigns.js';
import { displayedImage } from '../displayed-image.js';
import type { Rounds } from '../rounds.js';

const roundParamsSchema = z.object({ id: z.string().min(1), round: z.coerce.number().int().min(0) });
const layerParamsSchema = roundParamsSchema.extend({ item: z.string().min(1), layer: layerSchema });
const pageSchema = z.object({
  state: galleryStateSchema,
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(24),
});

/** A round that ended never changes, so what belongs to it may be kept. */
const FOR_EVER = 'private, max-age=31536000, immutable';

export function roundRoutes(
  server: FastifyInstance,
  { campaigns, rounds }: { campaigns: Campaigns; rounds: Rounds },
): void {
  const app = server.withTypeProvider<ZodTypeProvider>();
  app.get(
    '/api/campaigns/:id/student',
    {
      schema: {
        summary: 'The student beside the ensemble that taught it',
        params: roundParamsSchema.pick({ id: true }),
        response: { 200: studentAnswerSchema },
      },
    },
    async ({ params }) => rounds.student(await campaigns.get(params.id)),
  );
  app.get(
    '/api/campaigns/:id/rounds/:round',
    {
      schema: {
        summary: 'A finished round: folds, calibration, evaluation',
        params: roundParamsSchema,
        response: { 200: roundDetailSchema },
      },
    },
    async ({ params }) => rounds.detail(await campaigns.get(params.id), params.round),
  );
  app.get(
    '/api/campaigns/:id/rounds/:round/items',
    {
      schema: {
        summary: 'Accepted or ignored items of the pool',
        params: roundParamsSchema,
        querystring: pageSchema,
        response: { 200: galleryPageSchema },
      },
    },
    async ({ params, query }) => {
      const items = await rounds.gallery(await campaigns.get(params.id), params.round, query.state);
      return {
        total: items.length,
        offset: query.offset,
        items: items.slice(query.offset, query.offset + query.limit),
      };
    },
  );
  app.get(
    '/api/campaigns/:id/rounds/:round/items/:item/:layer',
    { schema: { summary: 'A picture of the gallery, as 8-bit PNG', params: layerParamsSchema } },
    async ({ params }, reply) => {
      const bytes = await rounds.layer(await campaigns.get(params.id), params.round, {
        itemId: params.item,
        layer: params.layer,
      });
      const png = params.layer === 'image' ? await displayedImage(bytes, params.item) : bytes;
      return reply.type('image/png').header('cache-control', FOR_EVER).send(Buffer.from(png));
    },
  );
}
