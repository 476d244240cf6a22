import { imagesOfPart, partCount } from './batch-parts.js';
import { trainingGraphsInParts, type TrainingShape } from './compile-step.js';
import type { Engine, Executable } from './engine/engine.js';
import { withHostState } from './engine/host-state.js';
import { onlyStep } from './engine/only-step.js';
import type { Batch } from './items.js';
import { IGNORE_LABEL } from './losses/operating-point-loss.js';
import { stateVectorNames, type TrainingState } from './training-state.js';
import type { TrainingStep } from './training-step.js';

/**
 * A training step that computes a batch part by part and adds up: what the whole batch gives, to rounding, with the memory
 * of one part. The state stays on the host: three graphs work on it.
 *
 * @param parts 1 up to the batch size.
 * @throws {ProbityError} As `Engine.compile`.
 */
export async function createTrainingStepInParts(
  engine: Engine,
  shape: TrainingShape,
  parts: number,
): Promise<TrainingStep> {
  const imageCount = imagesOfPart(shape.training.batchSize, parts);
  const graphs = trainingGraphsInParts(shape, imageCount);
  const compiled: Executable[] = [];
  const dispose = async () => {
    for (const executable of compiled) await executable.dispose();
  };
  try {
    for (const graph of [graphs.sums, graphs.gradient, graphs.update]) compiled.push(await engine.compile(graph));
  } catch (error) {
    await dispose();
    throw error;
  }
  const [sumsOf, gradientOf] = compiled as [Executable, Executable, Executable];
  const update = withHostState(compiled[2]!, stateVectorNames(shape.training));
  return {
    stepsAtOnce: 1,
    load: (state) => update.load(state),
    run: async (steps) => {
      const { operatingPoint, learningRate, step, ...batch } = onlyStep(steps);
      const { weights } = (await update.read()) as TrainingState;
      const fed = partsOf(batch, { ...shape, imageCount }).map((part) => ({
        ...part,
        weights: weights!,
        ...(operatingPoint && { operatingPoint }),
      }));
      const sums = await added(fed, (part) => sumsOf.run(part));
      const totals = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [`total_${name}`, sum]));
      let loss = Number.NaN;
      const { gradient } = await added(fed, async (part) => {
        const results = await gradientOf.run({ ...part, ...totals });
        loss = results['loss']![0]!; // of the whole batch, whatever the part
        return { gradient: results['gradient']! };
      });
      const scalars = { learningRate: Float32Array.of(learningRate), step: Float32Array.of(step) };
      const [updated] = await update.run([{ gradient: gradient!, ...scalars }]);
      return [{ loss, gradientNorm: updated!['gradientNorm']![0]! }];
    },
    state: async () => (await update.read()) as TrainingState,
    dispose,
  };
}

/** Sums of what is computed of each part, one part after the other: the order is part of the result's last bits. */
async function added<Part>(
  parts: readonly Part[],
  compute: (part: Part) => Promise<Readonly<Record<string, ArrayLike<number>>>>,
): Promise<Record<string, Float32Array>> {
  const totals: Record<string, Float32Array> = {};
  for (const part of parts) {
    for (const [name, values] of Object.entries(await compute(part))) {
      const total = (totals[name] ??= new Float32Array(values.length));
      for (let i = 0; i < total.length; i++) total[i]! += values[i]!;
    }
  }
  return totals;
}

/** The last part is filled up with images that teach nothing: they add nothing to any sum. */
function partsOf(batch: Batch, shape: TrainingShape & { imageCount: number }): Batch[] {
  const pixels = shape.imageCount * shape.labelHeight * shape.labelWidth;
  const imageLength = shape.imageCount * shape.height * shape.width * shape.channels;
  return Array.from({ length: partCount(shape.training.batchSize, shape.imageCount) }, (_, i) => {
    const images = partOf(batch.images, i, new Float32Array(imageLength));
    return 'labels' in batch
      ? { images, labels: partOf(batch.labels, i, new Int32Array(pixels).fill(IGNORE_LABEL)) }
      : { images, targets: partOf(batch.targets, i, new Float32Array(pixels * shape.classCount)) };
  });
}

/** A part of a batch's numbers, as many as `part` holds; what the batch has not stays as it is. */
function partOf<Values extends Float32Array | Int32Array>(numbers: Values, i: number, part: Values): Values {
  part.set(numbers.subarray(i * part.length, (i + 1) * part.length));
  return part;
}
