import { findChannelBlock } from '@probity/tfjs-graph/onnx/find-channel-block';
import type { Engine } from '../engine/engine.js';
import { BusyClock } from '../engine/onnx/busy-clock.js';
import { loadLibrary } from '../engine/onnx/onnx-library.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { OnnxSession } from '../engine/onnx/onnx-session.js';
import { withStepsInLoop } from '../engine/onnx/steps-in-loop.js';

/** The engine on the CPU, one thread, but with several training steps in a run, as on devices that need it. */
export async function createLoopingEngine(): Promise<Engine> {
  const library = await loadLibrary();
  const open = OnnxSession.opener(library, new BusyClock(), { intraOpNumThreads: 1, enableMemPattern: false });
  const channelBlock = await findChannelBlock(library);
  const onnx = channelBlock === undefined ? {} : { channelBlock };
  return {
    ...(await createOnnxEngine({ threads: 1 })),
    compileStateful: (graph, { state }) => withStepsInLoop(graph, state, { open, onnx }),
  };
}
