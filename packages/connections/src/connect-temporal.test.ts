import { describe, expect, it } from 'vitest';
import { connectTemporal, requireTemporalAddress } from './connect-temporal.js';

describe('connectTemporal()', () => {
  it('says what to do where no stack was started', async () => {
    const settings = {
      home: '/somewhere/.probity',
      temporal: { source: 'none' as const, connection: undefined, namespace: 'default' },
    };
    expect(() => requireTemporalAddress(settings)).toThrow(
      expect.objectContaining({
        code: 'STACK_DOWN',
        message: expect.stringMatching(/"\/somewhere\/\.probity".*probity up/),
      }),
    );
    await expect(connectTemporal(settings)).rejects.toMatchObject({ code: 'STACK_DOWN' });
  });

  it.each([
    ['stack' as const, 'probity up'],
    ['cluster' as const, 'TEMPORAL_*'],
  ])('names the address of a %s that does not answer, and what to do', async (source, advice) => {
    // Port 9 is the discard service, which no machine runs today.
    const settings = { home: '/h', temporal: { source, connection: { address: '127.0.0.1:9' }, namespace: 'default' } };
    await expect(connectTemporal(settings, { millisecondsMax: 50 })).rejects.toMatchObject({
      code: 'STACK_DOWN',
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:9.*${advice.replace('*', '\\*')}`)),
    });
  });
});
