import { ELEMENT_TYPES } from './element-types.js';
import { encodeModel } from './model-proto.js';
import { BLOCKED_DOMAIN } from './node-list.js';

/** Channels that go into the probe; every block is a multiple of it. */
const PROBE_CHANNELS = 4;

/**
 * An ONNX file that tells how many channels a block of onnxruntime's own convolutions has on the machine that runs it:
 * feed `image`, float32 of shape (1, 1, 1, 4); the second axis of `blocks` is the answer. On AVX2 it is 8, on AVX-512 16.
 */
export function channelBlockProbe(): Uint8Array {
  const tensor = (name: string, dim: readonly object[]) => ({
    name,
    type: { tensorType: { elemType: ELEMENT_TYPES.float32, shape: { dim } } },
  });
  const fixed = [1, 1, 1, PROBE_CHANNELS].map((dimValue) => ({ dimValue }));
  return encodeModel({
    irVersion: 8,
    producerName: 'tfjs-graph',
    opsetImport: [
      { domain: '', version: 17 },
      { domain: BLOCKED_DOMAIN, version: 1 },
    ],
    graph: {
      name: 'channel-block-probe',
      node: [
        {
          input: ['image'],
          output: ['blocks'],
          name: 'reorder',
          opType: 'ReorderInput',
          domain: BLOCKED_DOMAIN,
          attribute: [{ name: 'channels_last', i: 1, type: 2 }],
        },
      ],
      input: [tensor('image', fixed)],
      output: [tensor('blocks', [{}, {}, {}, {}])],
    },
  });
}
