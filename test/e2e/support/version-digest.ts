import { readVersion } from '@probity/datasets/versions/read-version';
import { resolveVersion } from '@probity/datasets/versions/resolve-version';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { sha256Hex } from '@probity/connections/hash';
import { canonicalJson } from '@probity/core/artifacts/canonical-json';

/** The digest of everything a version holds: labels, masks, ledger, by digest; not where in a store they lie. */
export async function versionDigest(store: ArtifactStore, name: string): Promise<string> {
  const version = await readVersion(store, await resolveVersion(store, name));
  const text = canonicalJson(version).replaceAll(/"key":"[^"]*",?/g, '');
  return sha256Hex(text);
}
