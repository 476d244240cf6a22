import { z } from 'zod';

/** Names bytes in the store. Workflow histories carry these, never the bytes. */
export const artifactRefSchema = z.object({
  key: z.string().min(1),
  /** Lower-case hexadecimal SHA-256 of the bytes. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
});

export type ArtifactRef = z.infer<typeof artifactRefSchema>;
