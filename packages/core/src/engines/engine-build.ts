import { z } from 'zod';

/** Whose libraries `probity engine install` fetches. */
export type EngineLibrary = 'tensorflow' | 'onnxruntime';

/** One build of a library that `probity engine install` makes, in one version and for one kind of device. */
export interface EngineBuild {
  readonly library: EngineLibrary;
  /** The release; an engine refuses any other. */
  readonly version: string;
  /** What it computes on. */
  readonly device: string;
  /** In messages: `TensorFlow`. */
  readonly title: string;
  /** Within the tools folder. */
  readonly folderName: string;
  /** The command that mends every fault of an installation. */
  readonly installCommand: string;
}

export const MANIFEST_FILE = 'manifest.json';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What an installation was made of and what it consists of; written last, so a folder with one is whole. The version stands
 * under the library's name.
 */
export const engineManifestSchema = z.object({
  schemaVersion: z.literal(1),
  tensorflow: z.string().optional(),
  onnxruntime: z.string().optional(),
  device: z.string(),
  /** What it was made from: a name with a version, and the digest that was required or found of it. */
  sources: z.array(z.object({ name: z.string(), digest: z.string() })),
  /** Every other file of the folder: path with forward slashes, length, digest. */
  files: z.array(z.object({ path: z.string(), bytes: z.int().nonnegative(), sha256: sha256Schema })),
});
export type EngineManifest = z.infer<typeof engineManifestSchema>;
