import { S3ArtifactStore } from '@probity/connections/store/s3-artifact-store';
import { describeArtifactStore } from '@probity/test-support/artifact-store.contract';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverTool } from './server-tool.js';
import { CREDENTIALS, startMinio, startSeaweedfs, type S3Server } from './start-s3-server.js';

const settingsOf = (endpoint: string) => ({
  kind: 's3' as const,
  endpoint,
  bucket: 'probity',
  region: 'us-east-1',
  prefix: 'some/place/',
  ...CREDENTIALS,
});

/** A plain client beside the store, to spoil and to look at what the store made. */
function plainClient(endpoint: string): Client {
  const { hostname, port } = new URL(endpoint);
  return new Client({ endPoint: hostname, port: Number(port), useSSL: false, region: 'us-east-1', ...CREDENTIALS });
}

const servers = [
  { name: 'MinIO', program: await serverTool('minio'), start: startMinio },
  { name: 'SeaweedFS', program: await serverTool('seaweedfs'), start: startSeaweedfs },
];

describe.each(servers)('on $name', ({ name, program, start }) => {
  describe.skipIf(program === undefined)('with a real server', () => {
    describeArtifactStore(
      `S3ArtifactStore on ${name}`,
      async () => {
        const server = await start(program!);
        const settings = settingsOf(server.endpoint);
        const stores = [new S3ArtifactStore(settings)];
        return {
          store: stores[0]!,
          corrupt: async (key) => {
            const client = plainClient(server.endpoint);
            const objectName = `${settings.prefix}${key}`;
            const { metaData } = await client.statObject(settings.bucket, objectName);
            const digest = (metaData as Record<string, string>)['sha256'];
            await client.putObject(settings.bucket, objectName, 'spoilt', 6, { 'x-amz-meta-sha256': digest });
          },
          reopen: async () => {
            stores.push(new S3ArtifactStore(settings));
            return stores.at(-1)!;
          },
          close: async () => {
            for (const store of stores) store.close();
            await server.stop();
          },
        };
      },
      { listCount: 1_100 },
    );

    describe('S3ArtifactStore', () => {
      let server: S3Server;
      beforeAll(async () => {
        server = await start(program!);
      });
      afterAll(async () => {
        await server.stop();
      });

      it('makes its bucket with the first artifact, and finds nothing before', async () => {
        const store = new S3ArtifactStore({ ...settingsOf(server.endpoint), bucket: 'fresh-bucket' });
        expect(await store.find('a/b')).toBeUndefined();
        const ref = await store.put('a/b', Buffer.from('x'));
        expect(Buffer.from(await store.get(ref)).toString()).toBe('x');
        store.close();
      });

      it('keeps to its prefix', async () => {
        const one = new S3ArtifactStore({ ...settingsOf(server.endpoint), prefix: 'one/' });
        const two = new S3ArtifactStore({ ...settingsOf(server.endpoint), prefix: 'two/' });
        await one.put('k', Buffer.from('1'));
        await two.put('k', Buffer.from('2'));
        const keys: string[] = [];
        for await (const key of one.list('')) keys.push(key);
        expect(keys).toEqual(['k']);
        one.close();
        two.close();
      });

      it('reports wrong credentials as STORE_UNAVAILABLE with what to check', async () => {
        const store = new S3ArtifactStore({ ...settingsOf(server.endpoint), secretKey: 'wrong-secret-key' });
        const put = store.put('k', Buffer.from('x'));
        await expect(put).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
          message: expect.stringContaining('PROBITY_S3_SECRET_KEY'),
        });
        store.close();
      });

      it('refuses an object that carries no digest', async () => {
        const store = new S3ArtifactStore(settingsOf(server.endpoint));
        await store.put('bucket/exists', Buffer.from('x'));
        await plainClient(server.endpoint).putObject('probity', 'some/place/foreign', 'y', 1);
        await expect(store.find('foreign')).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
        store.close();
      });
    });
  });
});

describe('S3ArtifactStore', () => {
  it('reports a server that is not there as STORE_UNAVAILABLE with its address', async () => {
    // Port 9 is the discard service, which no machine runs today.
    const store = new S3ArtifactStore(settingsOf('http://127.0.0.1:9'));
    const put = store.put('k', Buffer.from('x'));
    await expect(put).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('http://127.0.0.1:9'),
    });
    store.close();
  });
});
