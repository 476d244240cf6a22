import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import type { RefList } from '@probity/core/schemas/round-artifacts';
import { gatherSelectionsRequestSchema } from '@probity/core/schemas/steps';
import { z } from 'zod';
import { asActivity } from './as-activity.js';
import { once } from './once.js';

/** Folds the references of a batch of shards into one, so that no history grows with the pool. */
export const gatherSelections = (store: ArtifactStore) =>
  asActivity(gatherSelectionsRequestSchema, async ({ selections }, { signal }) =>
    once(
      {
        store,
        step: 'gather-selections',
        version: 1,
        inputs: selections,
        schema: z.object({ list: artifactRefSchema }),
        signal,
      },
      async ({ putJson }) => {
        const list: RefList = { schemaVersion: 1, refs: selections };
        return { list: await putJson('selections.json', list) };
      },
    ),
  );
