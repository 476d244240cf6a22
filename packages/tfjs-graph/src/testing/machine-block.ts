import * as ort from 'onnxruntime-node';
import { channelBlockProbe } from '../onnx/channel-block-probe.js';

/** Channels of a block on this machine; undefined where onnxruntime has no blocked convolutions. */
export async function machineBlock(): Promise<number | undefined> {
  const session = await ort.InferenceSession.create(channelBlockProbe());
  const { blocks } = await session.run({ image: new ort.Tensor('float32', new Float32Array(4), [1, 1, 1, 4]) });
  await session.release();
  const block = blocks!.dims[1]!;
  return block === 8 || block === 16 ? block : undefined;
}
