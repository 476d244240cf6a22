import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { ProbityError } from '@probity/core/errors';
import {
  campaignViewSchema,
  galleryPageSchema,
  problemSchema,
  roundDetailSchema,
  studentAnswerSchema,
} from '@probity/core/schemas/api/campaigns';
import type { CampaignStep } from '@probity/workflows/history/read-steps';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServer } from './create-server.js';
import { Rounds } from './rounds.js';
import { campaignsContract } from './testing/campaigns.contract.js';
import { MemoryCampaigns } from './testing/memory-campaigns.js';
import { sampleCampaign, sampleCampaignWithStudent } from './testing/sample-campaign.js';

const step: CampaignStep = {
  activityId: '1',
  name: 'trainMember',
  round: 0,
  fold: 1,
  shard: undefined,
  operatingPoint: -1,
  state: 'done',
  attempts: 2,
  failure: { code: 'JOB_KILLED', message: 'The job ended without an answer' },
  scheduledAt: '2026-01-02T03:04:06.000Z',
  startedAt: '2026-01-02T03:04:07.000Z',
  endedAt: '2026-01-02T03:04:09.000Z',
  inputHash: 'ab'.repeat(32),
  reused: false,
  busyMilliseconds: 7000,
  waitedMilliseconds: 35,
};

let server: FastifyInstance;
let campaigns: MemoryCampaigns;
let store: MemoryArtifactStore;

beforeEach(async () => {
  store = new MemoryArtifactStore();
  campaigns = new MemoryCampaigns();
  campaigns.add(await sampleCampaign(store), [step]);
  server = await createServer({ campaigns, rounds: new Rounds(store) });
});
afterEach(() => server.close());

const get = (url: string) => server.inject({ method: 'GET', url });

async function refusal(url: string): Promise<{ status: number; code: string; message: string }> {
  const answer = await get(url);
  const { code, message } = problemSchema.parse(answer.json());
  return { status: answer.statusCode, code, message };
}

describe('campaigns', () => {
  it('lists them', async () => {
    const answer = await get('/api/campaigns');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject([
      { id: 'sample', status: 'running', dataset: 'squares', stage: 'training', score: 0.8 },
    ]);
  });

  it('gives one', async () => {
    const view = campaignViewSchema.parse((await get('/api/campaigns/sample')).json());
    expect(view.state.rounds).toHaveLength(1);
    expect(view.spec.name).toBe('sample');
  });

  it('gives its steps with attempts, failures and input hash', async () => {
    const { steps } = (await get('/api/campaigns/sample/history')).json() as { steps: unknown[] };
    expect(steps).toMatchObject([
      {
        name: 'trainMember',
        fold: 1,
        operatingPoint: -1,
        attempts: 2,
        failure: { code: 'JOB_KILLED' },
        inputHash: 'ab'.repeat(32),
      },
    ]);
  });

  it('answers 404 for a campaign that is not there', async () => {
    for (const url of ['/api/campaigns/nobody', '/api/campaigns/nobody/history', '/api/campaigns/nobody/rounds/0']) {
      expect(await refusal(url)).toMatchObject({ status: 404, code: 'CAMPAIGN_MISSING' });
    }
  });

  it('answers 503 while Temporal does not', async () => {
    campaigns.beforeAnswer = () => {
      throw new ProbityError('STACK_DOWN', 'Cannot reach Temporal');
    };
    expect(await refusal('/api/campaigns')).toMatchObject({ status: 503, code: 'STACK_DOWN' });
  });

  it('says of a bug of ours only that it is one, and the log says the rest', async () => {
    campaigns.beforeAnswer = () => {
      throw new TypeError('secret at /home/someone');
    };
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { status, code, message } = await refusal('/api/campaigns');
    expect(written.mock.calls.flat().join('')).toContain('secret at /home/someone');
    written.mockRestore();
    expect({ status, code }).toEqual({ status: 500, code: 'BUG' });
    expect(message).not.toContain('secret');
  });
});

describe('a round', () => {
  it('is given whole', async () => {
    const detail = roundDetailSchema.parse((await get('/api/campaigns/sample/rounds/0')).json());
    expect(detail.classes).toEqual(['background', 'square']);
    expect(detail.folds).toHaveLength(1);
    expect(detail.calibration.thresholds[0]!.foregroundMin).toBe(0.7);
  });

  it('answers 404 for a round that is not finished, and says how the campaign stands', async () => {
    const { status, code, message } = await refusal('/api/campaigns/sample/rounds/1');
    expect({ status, code }).toEqual({ status: 404, code: 'ARTIFACT_MISSING' });
    expect(message).toContain('round 1 is training');
  });

  it.each([
    '/rounds/minus',
    '/rounds/-1',
    '/rounds/0/items?state=stolen',
    '/rounds/0/items?state=accepted&limit=1000',
    '/rounds/0/items/sure/secrets',
  ])('answers 400 for "%s"', async (tail) => {
    expect(await refusal(`/api/campaigns/sample${tail}`)).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  it('lists accepted and ignored items, each with the layers that it has', async () => {
    const page = async (state: string) =>
      galleryPageSchema.parse((await get(`/api/campaigns/sample/rounds/0/items?state=${state}`)).json());
    expect(await page('accepted')).toMatchObject({
      total: 1,
      items: [{ id: 'sure', confidence: 0.9, layers: ['image', 'mask', 'ignore', 'probability'] }],
    });
    expect(await page('ignored')).toMatchObject({
      total: 1,
      items: [{ id: 'doubtful', reason: 'undecided', layers: ['image', 'mask'] }],
    });
  });

  it('gives every layer of an item as a PNG that may be kept for ever', async () => {
    for (const layer of ['image', 'mask', 'ignore', 'probability']) {
      const answer = await get(`/api/campaigns/sample/rounds/0/items/sure/${layer}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('image/png');
      expect(answer.headers['cache-control']).toContain('immutable');
      expect(await sharp(answer.rawPayload).metadata()).toMatchObject({ format: 'png', width: 8, height: 8 });
    }
  });

  it('gives the values of a mask as they are, and an image stretched to be seen', async () => {
    const greyOf = async (layer: string) => {
      const { rawPayload } = await get(`/api/campaigns/sample/rounds/0/items/sure/${layer}`);
      return (await sharp(rawPayload).raw().toBuffer()).subarray(-1)[0];
    };
    expect(await greyOf('mask')).toBe(1);
    expect(await greyOf('image')).toBeLessThan(5); // stored as 90
  });

  it('gives no layer that the round does not have', async () => {
    for (const tail of [
      'doubtful/ignore',
      'doubtful/probability',
      'labelled/image',
      '..%2F..%2Fdatasets%2Fsquares%2Fimport.json/image',
    ]) {
      expect(await refusal(`/api/campaigns/sample/rounds/0/items/${tail}`)).toMatchObject({
        status: 404,
        code: 'ARTIFACT_MISSING',
      });
    }
  });

  it('is read again after the store failed once', async () => {
    const { get: read } = store;
    store.get = () => Promise.reject(new ProbityError('STORE_UNAVAILABLE', 'Cannot read: the store is away'));
    expect(await refusal('/api/campaigns/sample/rounds/0/items/sure/mask')).toMatchObject({ status: 503 });
    store.get = read;
    expect((await get('/api/campaigns/sample/rounds/0/items/sure/mask')).statusCode).toBe(200);
  });
});

describe('a student', () => {
  const answerOf = async (id: string) => studentAnswerSchema.parse((await get(`/api/campaigns/${id}/student`)).json());

  it('is absent while there is none', async () => {
    expect(await answerOf('sample')).toEqual({});
  });

  it('is given beside the ensemble that taught it, without the items of the test set', async () => {
    campaigns.add(await sampleCampaignWithStudent(store), []);
    const { student } = await answerOf('taught');
    expect(student).toMatchObject({
      summary: { round: 0, difference: { value: -0.05 } },
      student: { classes: ['background', 'square'] },
      evaluations: {
        ensemble: { score: { value: 0.8 }, calibrationAfter: [{ brier: { value: 0.2 } }] },
        student: { score: { value: 0.75 }, calibrationAfter: [{ brier: { value: 0.3 } }] },
      },
    });
    expect(student!.evaluations.student).not.toHaveProperty('items');
  });
});

describe('the API', () => {
  it('describes each of its routes', async () => {
    const { paths } = (await get('/api/openapi.json')).json() as {
      paths: Record<string, { get?: { summary?: string } }>;
    };
    const base = '/api/campaigns/{id}';
    expect(Object.keys(paths).toSorted()).toEqual(
      [
        '/api/campaigns',
        base,
        `${base}/events`,
        `${base}/history`,
        `${base}/rounds/{round}`,
        `${base}/rounds/{round}/items`,
        `${base}/rounds/{round}/items/{item}/{layer}`,
        `${base}/student`,
      ].toSorted(),
    );
    for (const [path, { get: route }] of Object.entries(paths)) expect(route?.summary, path).toBeTruthy();
  });
});

describe('events', () => {
  async function firstEvent(id: string): Promise<string> {
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    const abort = new AbortController();
    const response = await fetch(`${address}/api/campaigns/${id}/events`, { signal: abort.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('\n\n')) text += (await reader.read()).value ?? '';
    abort.abort();
    return text;
  }

  it('begin with the whole campaign', async () => {
    const [event, data] = (await firstEvent('sample')).trim().split('\n');
    expect(event).toBe('event: campaign');
    expect(campaignViewSchema.parse(JSON.parse(data!.replace('data: ', ''))).id).toBe('sample');
  });

  it('say what is wrong where there is no such campaign', async () => {
    const [event, data] = (await firstEvent('nobody')).trim().split('\n');
    expect(event).toBe('event: problem');
    expect(problemSchema.parse(JSON.parse(data!.replace('data: ', ''))).code).toBe('CAMPAIGN_MISSING');
  });

  it('do not hold the server when it stops', async () => {
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${address}/api/campaigns/sample/events`);
    const ended = response.body!.pipeTo(new WritableStream()).then(
      () => 'ended',
      () => 'ended',
    );
    await server.close();
    expect(await ended).toBe('ended');
  });
});

describe('campaigns in memory', () => {
  campaignsContract(async () => ({ campaigns, finishedId: 'sample' }));
});
