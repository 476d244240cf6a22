import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { datasetVersionSchema, type DatasetItem } from '@probity/core/schemas/dataset-version';
import type { PrepareItemsRequest, PrepareItemsResult, JobAnswer } from '@probity/core/schemas/steps';
import { artifactRefSchema, type ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { ImageSizes } from '@probity/training/inference/prepare-images';
import { z } from 'zod';
import { once, readJson } from '../activities/once.js';
import { readCampaign, type KnownCampaign } from './known-campaign.js';
import { prepareImage, readLabel, resizeLabel } from './prepared-image.js';
import type { JobContext } from './job-context.js';

/** Items of one pack: bounded memory, and the labelled part is found again in the next round. */
const ITEMS_PER_PACK = 64;

const packResultSchema = z.object({ pack: artifactRefSchema });
const prepareResultSchema = z.object({ packs: artifactRefSchema, humanCount: z.int(), machineCount: z.int() });

/** Brings the images and labels that a round trains on to the network's size. */
export async function prepareJob(
  { spec, round, plan: planRef, version }: PrepareItemsRequest,
  context: JobContext,
): Promise<JobAnswer<PrepareItemsResult>> {
  const { store, engine, report } = context;
  const items = await itemsToPrepare(await readCampaign(store, planRef), version, store);
  const human = items.filter(({ label }) => label?.origin === 'human');
  const machine = items.filter(({ label }) => label?.origin === 'machine');
  const chunks = [...chunked(human), ...chunked(machine)];

  const inputs = { chunks: chunks.map(chunkInputs), input: spec.input, model: spec.model.kind, engine: engine.name };
  return once(
    { store, step: 'prepare-items', version: 1, inputs, schema: prepareResultSchema },
    async ({ putJson }) => {
      const sizes = new ImageSizes(engine);
      const began = performance.now();
      const refs: ArtifactRef[] = [];
      let done = 0;
      for (const chunk of chunks) {
        refs.push(await preparePack(chunk, { spec, sizes, ...context }));
        done += chunk.length;
        report({
          job: 'prepare',
          round,
          done,
          total: items.length,
          unit: 'items',
          perSecond: (done * 1000) / (performance.now() - began),
        });
      }
      await sizes.dispose();
      return {
        packs: await putJson('packs.json', { schemaVersion: 1, refs }),
        humanCount: human.length,
        machineCount: machine.length,
      };
    },
  );
}

/** Round 0 learns from the plan's labelled items; later rounds from the version the round before published, the test set left out. */
async function itemsToPrepare(
  campaign: KnownCampaign,
  version: ArtifactRef | undefined,
  store: ArtifactStore,
): Promise<DatasetItem[]> {
  const chosen = version
    ? (await readJson(store, version, datasetVersionSchema)).items.filter(({ role, label }) => role !== 'test' && label)
    : campaign.plan.labelled.map(campaign.item);
  return chosen.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const chunked = (items: readonly DatasetItem[]): DatasetItem[][] =>
  Array.from({ length: Math.ceil(items.length / ITEMS_PER_PACK) }, (_, i) =>
    items.slice(i * ITEMS_PER_PACK, (i + 1) * ITEMS_PER_PACK),
  );

/** What a pack depends on: images and labels by digest, never by where they lie. */
const chunkInputs = (items: readonly DatasetItem[]) =>
  items.map(({ id, group, image, label }) => ({
    id,
    group,
    image: image.sha256,
    label: label?.kind === 'mask' ? [label.mask.sha256, label.ignore?.sha256] : label?.classIndex,
    origin: label?.origin,
  }));

async function preparePack(
  items: readonly DatasetItem[],
  { spec, sizes, store, engine }: JobContext & { spec: PrepareItemsRequest['spec']; sizes: ImageSizes },
): Promise<ArtifactRef> {
  const { input, model } = spec;
  const inputs = { items: chunkInputs(items), input, model: model.kind, engine: engine.name };
  const { pack } = await once(
    { store, step: 'prepare-items', version: 1, inputs, schema: packResultSchema },
    async ({ put, putJson }) => {
      const imageSize = input.height * input.width * input.channels;
      const labelSize = model.kind === 'unet' ? input.height * input.width : 1;
      const images = new Float32Array(items.length * imageSize);
      const labels = new Uint8Array(items.length * labelSize);
      for (const [i, item] of items.entries()) {
        images.set(await prepareImage(item, { store, sizes, input }), i * imageSize);
        const label = await readLabel(item, store);
        labels.set(labelSize === 1 ? label.data : resizeLabel(label, input), i * labelSize);
      }
      return {
        pack: await putJson('pack.json', {
          schemaVersion: 1,
          ...input,
          items: items.map(({ id, group, label }) => ({ id, group, origin: label!.origin })),
          images: await put('images.f32', new Uint8Array(images.buffer)),
          labels: await put('labels.u8', labels),
        }),
      };
    },
  );
  return pack;
}
