import { campaignRowSchema, campaignViewSchema, stepListSchema } from '@probity/core/schemas/api/campaigns';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Campaigns } from '../campaigns.js';

const paramsSchema = z.object({ id: z.string().min(1) });

export function campaignRoutes(server: FastifyInstance, campaigns: Campaigns): void {
  const app = server.withTypeProvider<ZodTypeProvider>();
  app.get(
    '/api/campaigns',
    { schema: { summary: 'Every campaign, newest first', response: { 200: z.array(campaignRowSchema) } } },
    () => campaigns.list(),
  );
  app.get(
    '/api/campaigns/:id',
    {
      schema: {
        summary: 'One campaign: its file, its state, what runs',
        params: paramsSchema,
        response: { 200: campaignViewSchema },
      },
    },
    ({ params }) => campaigns.get(params.id),
  );
  app.get(
    '/api/campaigns/:id/history',
    {
      schema: {
        summary: 'Every step with attempts, failures, retries and input hash',
        params: paramsSchema,
        response: { 200: stepListSchema },
      },
    },
    async ({ params }) => ({ steps: await campaigns.steps(params.id) }),
  );
}
