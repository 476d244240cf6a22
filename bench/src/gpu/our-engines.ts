import { hasCode } from '@probity/core/errors';
import type { Engine } from '@probity/training/engine/engine';
import type { OnnxDevice } from '@probity/training/engine/onnx/device';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { createTensorFlowEngine } from '@probity/training/engine/tensorflow/tensorflow-engine';
import type { Convolutions } from '@probity/tfjs-graph/write-saved-model';
import { answerLines } from '../answer-lines.js';

/**
 * Whether an engine can be made, in a process of its own: tensorFlow {folder, convolutions} and onnx {device, tools} → {name} of the
 * engine, or {lack}: why there is none.
 */
async function nameOf(make: () => Promise<Engine>): Promise<Record<string, unknown>> {
  try {
    return { name: (await make()).name };
  } catch (error) {
    if (!hasCode(error, 'ENGINE_UNAVAILABLE')) throw error;
    return { lack: error.message };
  }
}

await answerLines({
  tensorFlow: ({ folder, convolutions }) =>
    nameOf(() =>
      createTensorFlowEngine({
        folder: String(folder),
        device: 'gpu',
        threads: 1,
        convolutions: convolutions as Convolutions,
      }),
    ),
  onnx: ({ device, tools }) =>
    nameOf(() => createOnnxEngine({ threads: 1, device: device as OnnxDevice, tools: String(tools) })),
});
