import { channelBlockProbe } from '@probity/tfjs-graph/onnx/channel-block-probe';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const session = await InferenceSession.create(channelBlockProbe());
const { blocks } = await session.run({ image: new Tensor('float32', new Float32Array(4), [1, 1, 1, 4]) });

// undefined: this machine has no blocks, write plain files.
export const channelBlock = [8, 16].find((block) => block === blocks.dims[1]);
