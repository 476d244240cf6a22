import { ProbityError } from '@probity/core/errors';
import { splitAsSlices } from '@probity/tfjs-graph/operations/split-v';
import type { CompileSteps, Form } from './form.js';
import type { OnnxRuntime } from './onnx-library.js';
import { faultOf } from './self-test.js';
import { withStateInBuffers } from './state-in-buffers.js';
import { withStepsInLoop } from './steps-in-loop.js';

/**
 * What onnxruntime computes on: `webgpu` lies in its npm package and needs Vulkan; for `cuda` `probity engine install
 * onnx-cuda` puts the libraries beside it.
 */
export type OnnxDevice = 'cpu' | 'webgpu' | 'cuda';

type Accelerator = Exclude<OnnxDevice, 'cpu'>;

const NEEDS: Readonly<Record<Accelerator, string>> = {
  webgpu: 'A graphics driver with Vulkan must be installed',
  cuda: 'A device with a driver for CUDA 13 is needed: look at "nvidia-smi" and at docs/engines.md',
};

/** As onnxruntime's session knows them. */
const SETTINGS: Readonly<Record<Accelerator, Readonly<Record<string, string>>>> = {
  webgpu: {},
  cuda: { use_deterministic_compute: '1' }, // same bytes each time
};

/** The library leaves outputs on WebGPU if it is told to, but not with CUDA; and it runs loops on CUDA, but not on WebGPU. */
const STATE_ON_DEVICE: Readonly<Record<Accelerator, CompileSteps>> = {
  webgpu: withStateInBuffers,
  cuda: withStepsInLoop,
};

/** Whatever the device does not have is an error instead of being computed on the CPU. */
const WHOLE = { disable_cpu_ep_fallback: '1' };

/**
 * Graphs as a device other than the CPU runs them. Whole training steps must run on the device itself and give the CPU's
 * gradient; of other graphs it may leave single operations, such as the counting of votes, to the CPU. Where the steps come out
 * right but their state does not stay on the device, the form warns of that.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where the device does not answer, or answers other numbers than the CPU;
 *   `OUT_OF_MEMORY`, `DEVICE_LOST`.
 */
export async function formOnDevice(library: OnnxRuntime, device: Accelerator): Promise<Form> {
  const session = SETTINGS[device];
  const form: Form = {
    engineName: `onnx-${device}`,
    reason: `device ${device}, self-test passed`,
    onnx: { formulations: { SplitV: splitAsSlices } },
    options: { executionProviders: [device], extra: { session } },
  };
  const whole = { ...form, options: { ...form.options, extra: { session: { ...session, ...WHOLE } } } };
  const compileSteps = STATE_ON_DEVICE[device];
  const faultOfState = await faultOf(library, { ...whole, compileSteps });
  if (faultOfState === undefined) return { ...form, compileSteps };
  const fault = await faultOf(library, whole);
  const warning = `the state of training steps crosses to the device and back at every step, which is slower: with the state there, a small training step ${briefly(faultOfState)}`;
  if (fault === undefined) return { ...form, warning };
  throw new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot compute on the device "${device}": a small training step ${briefly(fault)}. ${NEEDS[device]}; or set PROBITY_ONNX_DEVICE to "cpu"`,
  );
}

/** What CUDA said, without the places in onnxruntime's source that say it on. */
const briefly = (fault: string): string => fault.replace(/\/onnxruntime_src.*?(CUDA failure \d+: [^;]*?) *;.*/s, '$1');
