import { TENSORFLOW_VERSION, type TensorFlowDevice } from '@probity/core/engines/tensorflow-installation';
import type { Wheel } from '../tools/fetch-wheel.js';

/** A package of npm, fetched by npm from wherever it is set up to look. */
export interface NpmPackage {
  /** `name@version` */
  readonly name: string;
  /** `sha512-…` of the tarball, in base64; no other is taken. */
  readonly integrity: string;
}

export interface WheelToUnpack extends Wheel {
  /** What is kept of it; a pattern that Python and JavaScript read alike. */
  readonly members: string;
}

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

/** pip takes the platform of a wheel's name letter by letter. */
const nvidiaWheel = (requirement: string, platform: string, digest: string): WheelToUnpack => ({
  requirement: `nvidia-${requirement}`,
  digest,
  tags: ['--platform', platform],
  members: '^nvidia/(?!.*/include/)(?!.*\\.a$)(?!.*\\.py$)|[Ll]icense\\.txt$',
});

/** The newest of CUDA 12 and cuDNN 9 that TensorFlow's own list of requirements takes. */
const NVIDIA_WHEELS = [
  nvidiaWheel(
    'cublas-cu12==12.9.3.13',
    'manylinux_2_27_x86_64',
    'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  ),
  nvidiaWheel(
    'cuda-cupti-cu12==12.9.79',
    'manylinux_2_25_x86_64',
    '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
  ),
  nvidiaWheel(
    'cuda-nvcc-cu12==12.9.86',
    'manylinux_2_12_x86_64',
    '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  ),
  nvidiaWheel(
    'cuda-nvrtc-cu12==12.9.86',
    'manylinux_2_12_x86_64',
    '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  ),
  nvidiaWheel(
    'cuda-runtime-cu12==12.9.79',
    'manylinux_2_17_x86_64',
    '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  ),
  nvidiaWheel(
    'cudnn-cu12==9.28.0.42',
    'manylinux_2_27_x86_64',
    '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  ),
  nvidiaWheel(
    'cufft-cu12==11.4.1.4',
    'manylinux_2_17_x86_64',
    'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  ),
  nvidiaWheel(
    'curand-cu12==10.3.10.19',
    'manylinux_2_27_x86_64',
    '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  ),
  nvidiaWheel(
    'cusolver-cu12==11.7.5.82',
    'manylinux_2_27_x86_64',
    '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  ),
  nvidiaWheel(
    'cusparse-cu12==12.5.10.65',
    'manylinux_2_17_x86_64',
    '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  ),
  nvidiaWheel(
    'nccl-cu12==2.32.3',
    'manylinux_2_27_x86_64',
    'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  ),
  nvidiaWheel(
    'nvjitlink-cu12==12.9.86',
    'manylinux_2_12_x86_64',
    'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  ),
];

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
      ...NVIDIA_WHEELS,
    ],
    bytesNeeded: 6.5e9,
  },
};
