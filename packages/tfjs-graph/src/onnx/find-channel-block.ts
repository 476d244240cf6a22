import { ELEMENT_TYPES } from './element-types.js';
import { encodeModel } from './model-proto.js';
import { BLOCKED_DOMAIN } from './node-list.js';

/** What is needed of `onnxruntime-node`. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(file: Uint8Array): Promise<ProbeSession> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
}

interface ProbeSession {
  run(feeds: Record<string, never>): Promise<Record<string, { readonly dims: readonly number[] }>>;
  release(): Promise<void>;
}

/** Blocks that onnxruntime has: 8 with AVX2, 16 with AVX-512. */
const BLOCKS = [8, 16];

/** Channels that go into the probe; every block is a multiple of it. */
const PROBE_CHANNELS = 4;

/**
 * How many channels a block of onnxruntime's own convolutions has on this machine; undefined where it has none.
 *
 * @throws what the runtime says where it was built without these operators.
 */
export async function findChannelBlock({ InferenceSession, Tensor }: OnnxRuntime): Promise<number | undefined> {
  const session = await InferenceSession.create(probe());
  try {
    const image = new Tensor('float32', new Float32Array(PROBE_CHANNELS), [1, 1, 1, PROBE_CHANNELS]);
    const { blocks } = await session.run({ image: image as never });
    return BLOCKS.find((block) => block === blocks?.dims[1]);
  } finally {
    await session.release();
  }
}

/** A file that lays one pixel of few channels in a block: what comes out has as many channels as a block. */
function probe(): Uint8Array {
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
