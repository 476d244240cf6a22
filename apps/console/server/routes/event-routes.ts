import type { FastifyInstance } from 'fastify';
import type { Campaigns } from '../campaigns.js';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { toProblem } from '../problem.js';

const paramsSchema = z.object({ id: z.string().min(1) });

/** How often a page that is open hears of its campaign. */
const TICK_MILLISECONDS = 2_000;

/**
 * Server-sent events of one campaign: `campaign` with the same JSON as its route whenever it changed, `problem` while it
 * cannot be read. A browser that lost the connection comes back by itself, and the first event tells it all.
 */
export function eventRoutes(server: FastifyInstance, campaigns: Campaigns): void {
  const schema = {
    summary: 'Server-sent events: the campaign whenever it changed',
    params: paramsSchema,
    produces: ['text/event-stream'],
  };
  const app = server.withTypeProvider<ZodTypeProvider>();
  app.get('/api/campaigns/:id/events', { schema }, (request, reply) => {
    const { raw } = reply.hijack();
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'keep-alive' });
    let last = '';
    let timer: NodeJS.Timeout | undefined;
    const send = (event: string, data: string) => {
      if (data === last) raw.write(': still here\n\n');
      else raw.write(`event: ${event}\ndata: ${data}\n\n`);
      last = data;
    };
    const tick = async () => {
      try {
        send('campaign', JSON.stringify(await campaigns.get(request.params.id)));
      } catch (error) {
        send('problem', JSON.stringify(toProblem(error).problem));
      }
      if (!raw.destroyed) timer = setTimeout(() => void tick(), TICK_MILLISECONDS);
    };
    raw.on('close', () => clearTimeout(timer));
    void tick();
  });
}
