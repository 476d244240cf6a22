import type { EngineBuild } from './engine-build.js';

/** The release whose library is installed; an engine refuses any other. */
export const TENSORFLOW_VERSION = '2.21.0';

/** What a build of the library computes on. The GPU's is a build of its own, with NVIDIA's libraries beside it. */
export const TENSORFLOW_DEVICES = ['cpu', 'gpu'] as const;
export type TensorFlowDevice = (typeof TENSORFLOW_DEVICES)[number];

/** Names within the tools folder and within an installation. */
export const tensorFlowFolderName = (device: TensorFlowDevice): string => `tensorflow-${TENSORFLOW_VERSION}-${device}`;
export const TENSORFLOW_BINDING = 'tfjs_binding.node';

/** The command that mends every fault of an installation. */
export const tensorFlowInstallCommand = (device: TensorFlowDevice): string =>
  `probity engine install tensorflow${device === 'gpu' ? ' --gpu' : ''}`;

export const tensorFlowBuild = (device: TensorFlowDevice): EngineBuild => ({
  library: 'tensorflow',
  version: TENSORFLOW_VERSION,
  device,
  title: 'TensorFlow',
  folderName: tensorFlowFolderName(device),
  installCommand: tensorFlowInstallCommand(device),
});
