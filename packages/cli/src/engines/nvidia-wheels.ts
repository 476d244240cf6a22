import type { WheelToUnpack } from './workplace.js';

/** pip takes the platform of a wheel's name letter by letter. */
const nvidiaWheel = (requirement: string, platform: string, digest: string): WheelToUnpack => ({
  requirement: `nvidia-${requirement}`,
  digest,
  tags: ['--platform', platform],
  members: '^nvidia/(?!.*/include/)(?!.*\\.a$)(?!.*\\.py$)|[Ll]icense\\.txt$',
});

/** The newest of CUDA 12 and cuDNN 9 that TensorFlow's own list of requirements takes. */
export const CUDA_12_WHEELS: readonly WheelToUnpack[] = [
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

/**
 * The newest of CUDA 13 that onnxruntime's own list of requirements takes. cuDNN is of the very release that TensorFlow has:
 * a process with both libraries loads it once, since both know it by one name.
 */
export const CUDA_13_WHEELS: readonly WheelToUnpack[] = [
  nvidiaWheel(
    'cublas==13.8.2.12',
    'manylinux_2_27_x86_64',
    '21721774d8e7044debec3034ecc1a8cd22e173eb6dae5d7f5f8a014852382894',
  ),
  nvidiaWheel(
    'cuda-nvrtc==13.5.37',
    'manylinux_2_12_x86_64',
    '86b4d68058807988b7d9af5b44917a0601e9c337f35ccd657bfb3c759ff8d8bc',
  ),
  nvidiaWheel(
    'cuda-runtime==13.5.37',
    'manylinux_2_17_x86_64',
    'df2b79a8852f10d1fef8c848489c49eebb5754051bf870202a862831412b179d',
  ),
  nvidiaWheel(
    'cudnn-cu13==9.28.0.42',
    'manylinux_2_27_x86_64',
    '7358353c75bb121a58e5f7712fe6d588883dc1df8ba00f428237e44e97543c4d',
  ),
  nvidiaWheel(
    'cufft==12.5.0.14',
    'manylinux_2_17_x86_64',
    'b8be26837a5abad2b5b74f3e92dd29f622a42934b355be0961a48712cbba23ad',
  ),
  nvidiaWheel(
    'curand==10.4.5.25',
    'manylinux_2_27_x86_64',
    '22bb226a857e5888fe6b54ae465fc4371296bcff13a35f79e19691bcf454f529',
  ),
  nvidiaWheel(
    'nvjitlink==13.5.37',
    'manylinux_2_12_x86_64',
    '280d7cb9649704145f074b8dbde500de04ce02d0872e066e20a83c17bcaa93eb',
  ),
];
