import { ProbityError } from '@probity/core/errors';
import { splitAsSlices } from '@probity/tfjs-graph/operations/split-v';
import type { CompileSteps, Form } from './form.js';
import type { OnnxRuntime } from './onnx-library.js';
import { faultOf } from './self-test.js';
import { withStateInBuffers } from './state-in-buffers.js';
import { withStepsInLoop } from './steps-in-loop.js';

/** What onnxruntime computes on: `webgpu` lies in its npm package and needs Vulkan; CUDA's libraries do not lie in it. */
export type OnnxDevice = 'cpu' | 'webgpu' | 'cuda';

const NEEDS: Readonly<Record<Exclude<OnnxDevice, 'cpu'>, string>> = {
  webgpu: 'A graphics driver with Vulkan must be installed',
  cuda: 'The CUDA libraries of onnxruntime must be installed: see docs/settings.md',
};

/** The library leaves outputs on WebGPU if it is told to, but not with CUDA; and it runs loops on CUDA, but not on WebGPU. */
const STATE_ON_DEVICE: Readonly<Record<keyof typeof NEEDS, CompileSteps>> = {
  webgpu: withStateInBuffers,
  cuda: withStepsInLoop,
};

/** Whatever the device does not have is an error instead of being computed on the CPU. */
const WHOLE = { session: { disable_cpu_ep_fallback: '1' } };

/**
 * Graphs as a device other than the CPU runs them. Whole training steps must run on the device itself and give the CPU's
 * gradient; of other graphs it may leave single operations, such as the counting of votes, to the CPU. Where the steps come out
 * right but their state does not stay on the device, the form warns of that.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where the device does not answer, or answers other numbers than the CPU.
 */
export async function formOnDevice(library: OnnxRuntime, device: Exclude<OnnxDevice, 'cpu'>): Promise<Form> {
  const form: Form = {
    engineName: `onnx-${device}`,
    reason: `device ${device}, self-test passed`,
    onnx: { formulations: { SplitV: splitAsSlices } },
    options: { executionProviders: [device] },
  };
  const whole = { ...form, options: { ...form.options, extra: WHOLE } };
  const compileSteps = STATE_ON_DEVICE[device];
  const faultOfState = await faultOf(library, { ...whole, compileSteps });
  if (faultOfState === undefined) return { ...form, compileSteps };
  const fault = await faultOf(library, whole);
  const warning = `the state of training steps crosses to the device and back at every step, which is slower: with the state there, a small training step ${faultOfState}`;
  if (fault === undefined) return { ...form, warning };
  throw new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot compute on the device "${device}": a small training step ${fault}. ${NEEDS[device]}; or set PROBITY_ONNX_DEVICE to "cpu"`,
  );
}
