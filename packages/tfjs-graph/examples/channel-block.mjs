import { findChannelBlock } from '@probity/tfjs-graph/onnx/find-channel-block';
import * as onnxruntime from 'onnxruntime-node';

// undefined: this machine has no blocks, write plain files.
export const channelBlock = await findChannelBlock(onnxruntime);
