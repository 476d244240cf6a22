import { TENSORFLOW_VERSION, type TensorFlowDevice } from '@probity/core/engines/tensorflow-installation';
import type { NpmPackage } from './fetch-npm-package.js';
import { CUDA_12_WHEELS } from './nvidia-wheels.js';
import type { WheelToUnpack } from './workplace.js';

export interface TensorFlowSources {
  readonly binding: NpmPackage;
  readonly wheels: readonly WheelToUnpack[];
  /** On disk while it is installed: everything unpacked, and the largest wheel beside it. */
  readonly bytesNeeded: number;
}

/** Used where Node's own headers are not on the machine. */
export const NODE_HEADERS: NpmPackage = {
  name: 'node-api-headers@1.9.0',
  integrity: 'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
};

/** A wheel is for one Python; of TensorFlow's nothing but its library and its C headers is used. */
const TENSORFLOW_TAGS = ['--python-version', '3.12', '--implementation', 'cp', '--platform', 'manylinux_2_27_x86_64'];

const TENSORFLOW_MEMBERS = [
  'libtensorflow_(cc|framework)\\.so\\.2$',
  'THIRD_PARTY_NOTICES\\.txt$',
  'include/LICENSE$',
  'include/tensorflow/c/.*\\.h$',
  'include/(tensorflow/core|tsl)/platform/ctstring[a-z_]*\\.h$',
  'include/xla/tsl/c/.*\\.h$',
];

const tensorflowWheel = (name: string, digest: string): WheelToUnpack => ({
  requirement: `${name}==${TENSORFLOW_VERSION}`,
  digest,
  tags: TENSORFLOW_TAGS,
  members: `^tensorflow/(${TENSORFLOW_MEMBERS.join('|')})`,
});

export const TENSORFLOW_SOURCES: Readonly<Record<TensorFlowDevice, TensorFlowSources>> = {
  cpu: {
    binding: {
      name: '@tensorflow/tfjs-node@4.22.0',
      integrity: 'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
    },
    wheels: [tensorflowWheel('tensorflow-cpu', 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb')],
    bytesNeeded: 1.2e9,
  },
  gpu: {
    binding: {
      name: '@tensorflow/tfjs-node-gpu@4.22.0',
      integrity: 'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
    },
    wheels: [
      tensorflowWheel('tensorflow', 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0'),
      ...CUDA_12_WHEELS,
    ],
    bytesNeeded: 6.5e9,
  },
};
