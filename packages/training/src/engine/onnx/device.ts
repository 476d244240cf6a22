import { ProbityError } from '@probity/core/errors';
import { splitAsSlices } from '@probity/tfjs-graph/operations/split-v';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import type { Form } from './form.js';
import type { OnnxRuntime } from './onnx-library.js';
import { faultOf } from './self-test.js';

/** What onnxruntime computes on: `webgpu` lies in its npm package and needs Vulkan; CUDA's libraries do not lie in it. */
export type OnnxDevice = 'cpu' | 'webgpu' | 'cuda';

const NEEDS: Readonly<Record<Exclude<OnnxDevice, 'cpu'>, string>> = {
  webgpu: 'A graphics driver with Vulkan must be installed',
  cuda: 'The CUDA libraries of onnxruntime must be installed: see docs/settings.md',
};

/** Whatever the device does not have is an error instead of being computed on the CPU. */
const WHOLE = { session: { disable_cpu_ep_fallback: '1' } };

/**
 * Graphs as a device other than the CPU runs them. A whole training step must run on the device itself and give the CPU's
 * gradient; of other graphs it may leave single operations, such as the counting of votes, to the CPU.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where the device does not answer, or answers other numbers than the CPU.
 */
export async function formOnDevice(library: OnnxRuntime, device: Exclude<OnnxDevice, 'cpu'>): Promise<Form> {
  const form: Form = {
    engineName: `onnx-${device}`,
    reason: `device ${device}, self-test passed`,
    write: (graph) => writeOnnx(graph, { formulations: { SplitV: splitAsSlices } }),
    options: { executionProviders: [device] },
  };
  const fault = await faultOf(library, { ...form, options: { ...form.options, extra: WHOLE } });
  if (fault === undefined) return form;
  throw new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot compute on the device "${device}": a small training step ${fault}. ${NEEDS[device]}; or set PROBITY_ONNX_DEVICE to "cpu"`,
  );
}
