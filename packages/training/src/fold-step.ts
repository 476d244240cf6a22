import type { EnsembleSpec } from '@probity/core/schemas/campaign-spec';
import { imagesOfPart, partCount } from './batch-parts.js';
import type { TrainingShape } from './compile-step.js';
import type { Engine } from './engine/engine.js';
import { createFittedStep, type Fitting } from './fitted-step.js';
import type { TrainingStep } from './training-step.js';

/** The compiled step of whatever is trained now: a session that is kept keeps its activations too. */
export class FoldStep {
  readonly #engine: Engine;
  readonly #shape: Omit<TrainingShape, 'trains'>;
  readonly #fitting: Fitting;
  #parts: number;
  #current: { readonly trains: EnsembleSpec['forkTrains']; readonly step: TrainingStep } | undefined;

  constructor(engine: Engine, shape: Omit<TrainingShape, 'trains'>, fitting: Fitting) {
    this.#engine = engine;
    this.#shape = shape;
    this.#fitting = fitting;
    const { batchSize } = shape.training;
    this.#parts = partCount(batchSize, imagesOfPart(batchSize, fitting.parts)); // 4 parts of 6 images are 3
  }

  /** Into how many parts batches are cut now: what one part of the fold has learnt of the memory holds for the others. */
  get parts(): number {
    return this.#parts;
  }

  async of(trains: EnsembleSpec['forkTrains']): Promise<TrainingStep> {
    if (this.#current?.trains === trains) return this.#current.step;
    await this.dispose();
    const onHalved = (parts: number) => {
      this.#parts = parts;
      this.#fitting.onHalved(parts);
    };
    const fitting = { ...this.#fitting, parts: this.#parts, onHalved };
    this.#current = { trains, step: await createFittedStep(this.#engine, { ...this.#shape, trains }, fitting) };
    return this.#current.step;
  }

  async dispose(): Promise<void> {
    const former = this.#current;
    this.#current = undefined;
    await former?.step.dispose();
  }
}
