import { z } from 'zod';

/** The release whose library is installed; an engine refuses any other. */
export const TENSORFLOW_VERSION = '2.21.0';

/** What a build of the library computes on. The GPU's is a build of its own, with NVIDIA's libraries beside it. */
export const TENSORFLOW_DEVICES = ['cpu', 'gpu'] as const;
export type TensorFlowDevice = (typeof TENSORFLOW_DEVICES)[number];

/** Names within the tools folder and within an installation. */
export const tensorFlowFolderName = (device: TensorFlowDevice): string => `tensorflow-${TENSORFLOW_VERSION}-${device}`;
export const TENSORFLOW_BINDING = 'tfjs_binding.node';
export const TENSORFLOW_MANIFEST = 'manifest.json';

/** The command that mends every fault of an installation. */
export const tensorFlowInstallCommand = (device: TensorFlowDevice): string =>
  `probity engine install tensorflow${device === 'gpu' ? ' --gpu' : ''}`;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** What an installation was made of and what it consists of; written last, so a folder with one is whole. */
export const tensorFlowManifestSchema = z.object({
  schemaVersion: z.literal(1),
  tensorflow: z.string(),
  device: z.enum(TENSORFLOW_DEVICES),
  /** What was fetched: a name with a version, and the digest that was required of it. */
  sources: z.array(z.object({ name: z.string(), digest: z.string() })),
  /** Every other file of the folder: path with forward slashes, length, digest. */
  files: z.array(z.object({ path: z.string(), bytes: z.int().nonnegative(), sha256: sha256Schema })),
});
export type TensorFlowManifest = z.infer<typeof tensorFlowManifestSchema>;
