import type { ConvolutionRange } from '@probity/tfjs-graph/eight-bits/convolution-ranges';
import type { Graph } from '@probity/tfjs-graph/graph';
import { mean, votedClass } from '@probity/tfjs-graph/inference';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engine/engine.js';
import type { PreparedItems } from '../items.js';
import type { NetworkShape } from '../models/network-shape.js';
import { createNetwork } from '../models/network.js';
import { createImageBatches } from './image-batches.js';
import { memberParameters } from './member-parameters.js';

export interface CommitteeRequest {
  readonly model: NetworkShape['model'];
  readonly items: Pick<PreparedItems, 'height' | 'width' | 'channels'>;
  readonly classCount: number;
  /** Flat weight vectors, one a member. */
  readonly members: readonly Float32Array[];
  readonly batchSize: number;
  readonly engine: Engine;
  readonly onBatchHalved?: (imageCount: number) => void;
  /** Of the committee's convolutions, which are then in 8 bits. */
  readonly ranges?: readonly ConvolutionRange[];
}

/** What the members of one fold say of one image, pixels at the network's output size. */
export interface CommitteePrediction {
  /** Each member's most probable class, shape (members, pixels). */
  readonly memberClasses: Uint8Array;
  /** Mean of the members' softmax, shape (pixels, classes). */
  readonly meanScores: Float32Array;
}

export interface Committee {
  /** @param images Shape (count, height, width, channels), prepared. */
  predict(images: Float32Array, count: number): Promise<CommitteePrediction[]>;
  dispose(): Promise<void>;
}

/** The graph of a committee: all members over one batch. Outputs `classes` (members, batch, h, w) and `scores` (batch, h, w, classes). */
export function committeeGraph({
  model,
  items,
  classCount,
  members,
  batchSize,
}: Omit<CommitteeRequest, 'engine' | 'ranges'>): Graph {
  const network = createNetwork({ model, channels: items.channels, classCount });
  return trace(
    ({ images }) => {
      const logits = memberParameters(network, members).map((parameter) =>
        network.logits(images as Tensor4D, parameter),
      );
      return {
        classes: tf.stack(logits.map((member) => votedClass(member))),
        scores: mean(logits.map((member) => tf.softmax(member))),
      };
    },
    { images: { shape: [batchSize, items.height, items.width, items.channels], dtype: 'float32' } },
  );
}

export async function createCommittee(request: CommitteeRequest): Promise<Committee> {
  const { engine, batchSize, classCount, members, items, ranges, onBatchHalved } = request;
  const batches = await createImageBatches({
    engine,
    graphOf: (imageCount) => committeeGraph({ ...request, batchSize: imageCount }),
    ranges,
    batchSize,
    imageLength: items.height * items.width * items.channels,
    title: `predict with ${members.length} networks`,
    onBatchHalved,
  });
  return {
    predict: async (images, count) => {
      const predictions: CommitteePrediction[] = [];
      await batches.run(images, count, (outputs, { size, filled }) => {
        const { classes, scores } = outputs as { classes: Int32Array; scores: Float32Array };
        const pixels = scores.length / size / classCount;
        for (let i = 0; i < filled; i++) {
          const memberClasses = new Uint8Array(members.length * pixels);
          for (let member = 0; member < members.length; member++) {
            memberClasses.set(
              classes.subarray((member * size + i) * pixels, (member * size + i + 1) * pixels),
              member * pixels,
            );
          }
          predictions.push({
            memberClasses,
            meanScores: scores.slice(i * pixels * classCount, (i + 1) * pixels * classCount),
          });
        }
      });
      return predictions;
    },
    dispose: () => batches.dispose(),
  };
}
