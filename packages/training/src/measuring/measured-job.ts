import type {
  EngineOrder,
  MeasuredJobMessage,
  MeasuredJobOrder,
  MeasuredJobStart,
} from '@probity/core/engines/measured-job';
import { createRandom } from '@probity/core/numerics/random';
import { threadedBatchSource } from '../augmentation/threaded-batch-source.js';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { createTensorFlowEngine } from '../engine/tensorflow/tensorflow-engine.js';
import type { PreparedItems } from '../items.js';
import { initialWeights } from '../models/initial-weights.js';
import { createNetwork } from '../models/network.js';
import { initialState } from '../training-state.js';
import { createTrainingStep, type StepFeeds } from '../training-step.js';

/**
 * A process that trains for a while and says how far it came: the step, the batches and the thread beside it are those of a
 * training job; the images are noise. Started by `probity engine measure`, one for each job that runs side by side.
 */
const CLASS_COUNT = 2;
/** Libraries plan and allocate in the first. */
const WARM_UP_RUNS = 3;

const say = (message: MeasuredJobMessage) => {
  if (process.connected) process.send!(message);
};
process.on('disconnect', () => process.exit(0));

function createEngine(order: EngineOrder, threads: number): Promise<Engine> {
  if (order.library === 'tensorflow') return createTensorFlowEngine({ ...order, threads });
  return createOnnxEngine({ ...order, threads });
}

/** Two batches of normal noise, with labels that mean nothing: a step takes as long on whatever there is to see. */
function noise({ input, model, training, seed }: MeasuredJobOrder['spec']): PreparedItems {
  const random = createRandom(seed, 'measured-job');
  const count = 2 * training.batchSize;
  const labelSize =
    model.kind === 'classifier'
      ? { labelHeight: 1, labelWidth: 1 }
      : { labelHeight: input.height, labelWidth: input.width };
  const images = new Float32Array(count * input.height * input.width * input.channels).map(() => random.normal());
  const labels = new Uint8Array(count * labelSize.labelHeight * labelSize.labelWidth).map(() =>
    random.integer(CLASS_COUNT),
  );
  return { ids: Array.from({ length: count }, (_, i) => `noise-${i}`), ...input, ...labelSize, images, labels };
}

async function prepare({ engine: engineOrder, threads, spec }: MeasuredJobOrder) {
  const { seed, model, training, input } = spec;
  const engine = await createEngine(engineOrder, threads);
  const items = noise(spec);
  const { layout } = createNetwork({ model, channels: input.channels, classCount: CLASS_COUNT });
  const { batchSize, augmentation } = training;
  const batches = threadedBatchSource({ items, plan: { seed, fold: 0, batchSize, augmentation } });
  const step = await createTrainingStep(engine, { ...items, model, training, classCount: CLASS_COUNT });
  await step.load(initialState(training, initialWeights(layout, seed, 0)));
  batches.begin(0, Number.MAX_SAFE_INTEGER, step.stepsAtOnce);
  const [operatingPoint, { learningRate }] = [new Float32Array(CLASS_COUNT - 1), training];
  let done = 0;
  /** As many steps as one run makes. @returns How many. */
  const train = async (): Promise<number> => {
    const feeds: StepFeeds[] = [];
    while (feeds.length < step.stepsAtOnce)
      feeds.push({ ...(await batches.batch(done++)), operatingPoint, learningRate, step: done });
    return (await step.run(feeds)).length;
  };
  return { name: engine.name, train };
}

/** @returns Resolves when the process is told to begin. */
const start = (): Promise<MeasuredJobStart> =>
  new Promise((resolve) => process.once('message', (message) => resolve(message as MeasuredJobStart)));

try {
  const { name, train } = await prepare(JSON.parse(process.argv[2]!) as MeasuredJobOrder);
  for (let i = 0; i < WARM_UP_RUNS; i++) await train();
  const started = start();
  say({ type: 'ready', engine: name });
  const { seconds: wanted } = await started;
  const began = performance.now();
  let [steps, seconds] = [0, 0];
  for (; seconds < wanted; seconds = (performance.now() - began) / 1000) steps += await train();
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); // KiB and microseconds
  const processorMilliseconds = (userCPUTime + systemCPUTime) / 1000;
  say({ type: 'result', steps, seconds, peakBytes: maxRSS * 1024, processorMilliseconds });
} catch (error) {
  say({ type: 'failure', message: error instanceof Error ? error.message : String(error) });
}
