import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Campaigns } from './campaigns.js';
import { toProblem } from './problem.js';
import type { Rounds } from './rounds.js';
import { campaignRoutes } from './routes/campaign-routes.js';
import { eventRoutes } from './routes/event-routes.js';
import { roundRoutes } from './routes/round-routes.js';

export interface ServerParts {
  readonly campaigns: Campaigns;
  readonly rounds: Rounds;
  /** The built page; without it the API alone is served. */
  readonly webFolder?: string;
}

/** The console's server, ready to listen. OpenAPI at /api/openapi.json. */
export async function createServer({ campaigns, rounds, webFolder }: ServerParts): Promise<FastifyInstance> {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler((error, _request, reply) => {
    const { status, problem } = toProblem(error);
    if (problem.code === 'BUG') process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return reply.status(status).send(problem);
  });
  await server.register(fastifySwagger, {
    openapi: {
      info: { title: 'Probity console', description: 'What campaigns say of themselves. Read only.', version: '1' },
    },
    transform: jsonSchemaTransform,
  });
  server.get('/api/health', { schema: { hide: true } }, () => ({ status: 'ok' }));
  server.get('/api/openapi.json', { schema: { hide: true } }, () => server.swagger());
  campaignRoutes(server, campaigns);
  roundRoutes(server, { campaigns, rounds });
  eventRoutes(server, campaigns);
  if (webFolder !== undefined && existsSync(webFolder)) await servePage(server, webFolder);
  return server;
}

/** Addresses of pages are the page's own business: all of them get the same document. */
async function servePage(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, { root: folder });
  server.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/api/'))
      return reply.status(404).send({
        code: 'INVALID_INPUT',
        message: `Cannot answer "${request.url}": there is no such address`,
        details: {},
      });
    return reply.type('text/html').sendFile('index.html');
  });
}
