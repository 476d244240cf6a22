import { AsyncLocalStorage } from 'node:async_hooks';
import * as http from 'node:http';
import * as https from 'node:https';

/** Silence on the wire, not the length of a transfer. */
const SILENCE_MILLISECONDS_MAX = 30_000;

/** Carries the abort signal of a call to the requests that the client library makes for it, since the library takes none. */
const signals = new AsyncLocalStorage<AbortSignal | undefined>();

export const withSignal = <T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> =>
  signals.run(signal, call);

export interface S3Transport {
  readonly transport: { request: typeof http.request };
  readonly agent: http.Agent;
}

/** What the client library sends requests with: ended by the call's signal and by silence. */
export function createS3Transport(secure: boolean): S3Transport {
  const library = secure ? https : http;
  const request = (
    options: https.RequestOptions,
    onResponse?: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const signal = signals.getStore();
    const sent = library.request(
      { ...options, timeout: SILENCE_MILLISECONDS_MAX, ...(signal !== undefined && { signal }) },
      onResponse,
    );
    const silence = `no answer for ${SILENCE_MILLISECONDS_MAX / 1000} s`;
    return sent.on('timeout', () => sent.destroy(Object.assign(new Error(silence), { code: 'ETIMEDOUT' })));
  };
  // The library calls it with these two arguments only.
  return {
    transport: { request: request as typeof http.request },
    agent: new library.Agent({ keepAlive: true, maxSockets: 16 }),
  };
}
