import { campaignStudentKey } from '@probity/core/artifacts/keys';
import { artifactRefSchema, type ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec, StudentSpec } from '@probity/core/schemas/campaign-spec';
import { datasetVersionSchema } from '@probity/core/schemas/dataset-version';
import { sweptShardSchema } from '@probity/core/schemas/round-artifacts';
import type { TrainedStudentRecord } from '@probity/core/schemas/trained-networks';
import type { JobAnswer, TrainStudentRequest, TrainStudentResult } from '@probity/core/schemas/steps';
import { bytesOf } from '@probity/training/float-bytes';
import { ImageSizes } from '@probity/training/inference/prepare-images';
import { releaseFile, releasedStudent } from '@probity/training/inference/release-graph';
import type { SoftItems } from '@probity/training/items';
import { trainStudent, type TrainedStudent } from '@probity/training/train-student';
import { z } from 'zod';
import { once, readJson, type ResultPlace } from '../activities/once.js';
import { dropCheckpoints } from './checkpoints.js';
import { mostFrequentSize } from './most-frequent-size.js';
import type { JobContext } from './job-context.js';
import { createJobTrainingHooks, type JobTrainingHooks } from './job-training-hooks.js';
import { readCampaign, type KnownCampaign } from './known-campaign.js';
import { chooseTeaching, readSoftItems, type PredictedItem, type Teaching } from './student-items.js';
import { sweepJob } from './sweep-job.js';
import { trainingMeans } from './training-means.js';

const studentResultSchema = z.object({
  student: artifactRefSchema,
  onnx: artifactRefSchema,
  labelledCount: z.int(),
  poolCount: z.int(),
  stepsTotal: z.int(),
});

/**
 * Trains one network on what a round's ensemble says of the pool and what people say of the labelled items, from the
 * newest checkpoint, and publishes it as one file.
 */
export async function trainStudentJob(
  request: TrainStudentRequest,
  context: JobContext,
): Promise<JobAnswer<TrainStudentResult>> {
  const { spec, round, campaignId } = request;
  const { store } = context;
  const { engine } = await context.trainingEngine();
  const student = requireStudent(spec.student);
  const campaign = await readCampaign(store, request.plan);
  const version = await readJson(store, request.version, datasetVersionSchema);
  const training = { ...spec.training, steps: student.steps };
  const showings = training.steps * training.batchSize;
  const teaching = chooseTeaching(campaign, { version, seed: spec.seed, showings });
  const image = { ...mostFrequentSize([...teaching.labelled, ...teaching.pool]), channels: spec.input.channels };
  const { checkpointEverySteps: _, ...schedule } = training;
  const inputs = {
    ...teachingInputs(teaching),
    teacher: { models: request.models.map(({ sha256 }) => sha256), calibration: request.calibration.sha256, round },
    network: spec.model,
    classes: campaign.classes,
    input: spec.input,
    image,
    seed: spec.seed,
    model: student.model,
    training: schedule,
    engine: engine.name,
    predictingEngine: context.engine.name,
  };
  let hooks: JobTrainingHooks | undefined;
  const result = await once(
    { store, step: 'train-student', version: 1, inputs, schema: studentResultSchema },
    async (place) => {
      const { inputHash } = place;
      const items = await readTeaching(teaching, { request, context, campaign });
      hooks = createJobTrainingHooks(context, {
        inputHash,
        place: { round },
        title: 'Student',
        batchSize: training.batchSize,
      });
      const { model } = student;
      const means = trainingMeans(context, engine);
      const trained = await trainStudent({ seed: spec.seed, model, training, items, ...means }, hooks);
      const labelledCount = teaching.labelled.length;
      const counts = { labelledCount, poolCount: items.ids.length - labelledCount, stepsTotal: training.steps };
      const about = { round, engine: engine.name, model, image, classes: [...campaign.classes], ...counts };
      return { ...(await putStudent(trained, { place, about, input: spec.input })), ...counts };
    },
  );
  await dropCheckpoints(store, result.inputHash);
  // The name by which people ask for it. Written on every run, since a result may be older than this campaign.
  const named = { datasetName: spec.dataset, campaignId };
  await store.put(campaignStudentKey(named, 'onnx'), await store.get(result.onnx));
  await store.put(campaignStudentKey(named, 'json'), await store.get(result.student));
  return { ...result, stepsRun: hooks?.stepsRun ?? 0 };
}

interface Putting {
  readonly place: ResultPlace;
  readonly about: Pick<
    TrainedStudentRecord,
    'round' | 'engine' | 'model' | 'image' | 'classes' | 'labelledCount' | 'poolCount' | 'stepsTotal'
  >;
  readonly input: CampaignSpec['input'];
}

/** Writes the weights, the network as one file, and what is known of both. */
async function putStudent(
  { weights, curve, batchParts }: TrainedStudent,
  { place, about, input }: Putting,
): Promise<{ student: ArtifactRef; onnx: ArtifactRef }> {
  const network = { model: about.model, input, classCount: about.classes.length, weights };
  const file = releaseFile(releasedStudent(network), { ...about.image, batchSize: 1 });
  const onnx = await place.put('student.onnx', file);
  const record: TrainedStudentRecord = {
    schemaVersion: 1,
    ...about,
    weights: await place.put('weights.f32', bytesOf(weights)),
    onnx,
    curve: [...curve],
    ...(batchParts > 1 && { batchParts }),
  };
  return { student: await place.putJson('student.json', record), onnx };
}

function requireStudent(student: StudentSpec | undefined): StudentSpec {
  if (!student) throw new Error('Bug: a student was asked for, and the spec names none');
  return student;
}

/** Images and labels by digest; what the ensemble says of the pool follows from its own digests. */
const teachingInputs = ({ labelled, pool }: Teaching) => ({
  labelled: labelled.map(({ id, image, label }) => [
    id,
    image.sha256,
    label?.kind === 'mask' ? [label.mask.sha256, label.ignore?.sha256] : label?.classIndex,
  ]),
  pool: pool.map(({ id, image }) => [id, image.sha256]),
});

interface Teacher {
  readonly request: TrainStudentRequest;
  readonly context: JobContext;
  readonly campaign: KnownCampaign;
}

/** Reads images, labels and what the ensemble said in its sweep; items that the sweep set aside are left out. */
async function readTeaching(teaching: Teaching, teacher: Teacher): Promise<SoftItems> {
  const { request, context, campaign } = teacher;
  const predicted = await readPredictions(teaching, teacher);
  const readable = { ...teaching, pool: teaching.pool.filter(({ id }) => predicted.has(id)) };
  const sizes = new ImageSizes(context.engine);
  const total = readable.labelled.length + readable.pool.length;
  const began = performance.now();
  let done = 0;
  const onItem = () => {
    done++;
    const perSecond = (done * 1000) / (performance.now() - began);
    context.report({ job: 'prepare', round: request.round, part: 'student', done, total, unit: 'items', perSecond });
  };
  try {
    const { spec } = request;
    const { store } = context;
    return await readSoftItems(readable, predicted, {
      store,
      sizes,
      spec,
      classCount: campaign.classes.length,
      onItem,
    });
  } finally {
    await sizes.dispose();
  }
}

/** The round's own sweep, found where it was left; a shard that is lost is swept again. */
async function readPredictions(
  { pool }: Teaching,
  { request, context, campaign }: Teacher,
): Promise<Map<string, PredictedItem>> {
  const { version: _, ...place } = request;
  const wanted = new Set(pool.map(({ id }) => id));
  const predicted = new Map<string, PredictedItem>();
  for (const [shard, ids] of campaign.plan.shards.entries()) {
    if (!ids.some((id) => wanted.has(id))) continue;
    const { predictions } = await sweepJob({ ...place, shard }, context);
    for (const item of (await readJson(context.store, predictions, sweptShardSchema)).items)
      if (wanted.has(item.id)) predicted.set(item.id, item);
  }
  return predicted;
}
