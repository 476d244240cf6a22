import type { Calibration, ProbabilityMap } from '@probity/core/schemas/round-artifacts';
import { lookUp, mean, voteCount, votedClass } from '@probity/tfjs-graph/inference';
import tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';

/** Logits of each member of each committee: committees → members → (n, h, w, classes). */
export type MemberLogits = readonly (readonly Tensor4D[])[];

/**
 * From the members' logits to the calibrated probability of each foreground class, (n, h, w, classes − 1), inside a traced
 * function.
 *
 * `calibrate-then-average`: each committee's votes go through its own map, and the probabilities are averaged.
 * `average-then-calibrate` (the paper): per operating point the softmax is averaged over committees first, and the votes of
 * those averages go through the shared map. Probabilities of foreground classes that sum to more than 1 are scaled to 1.
 *
 * @see Buddenkotte et al. 2023, arXiv 2209.09563
 */
export function calibratedProbabilities(committees: MemberLogits, calibration: Calibration): Tensor4D {
  const perClass =
    calibration.combine === 'calibrate-then-average'
      ? committees.map((members, i) => mapVotes(members, calibration.committees[i]!.maps))
      : [mapVotes(averageOverCommittees(committees), calibration.shared)];
  const averaged = calibration.shared.map((_, c) => mean(perClass.map((maps) => maps[c]!)));
  const stacked = tf.stack(averaged, 3) as Tensor4D;
  return tf.div(stacked, tf.maximum(tf.sum(stacked, 3, true), 1));
}

/** Mean softmax of all members for the same classes, (n, h, w, classes − 1): what would be believed without calibration. */
export function uncalibratedProbabilities(committees: MemberLogits): Tensor4D {
  const scores = mean(committees.flat().map((logits) => tf.softmax(logits)));
  const [n, h, w, classes] = scores.shape;
  return tf.slice(scores, [0, 0, 0, 1], [n, h, w, classes - 1]);
}

const averageOverCommittees = (committees: MemberLogits): Tensor4D[] =>
  committees[0]!.map((_, member) => mean(committees.map((members) => tf.softmax(members[member]!))));

/**
 * One probability map a foreground class, shape (n, h, w).
 *
 * @param scores Of each member; logits vote as their softmax does.
 */
function mapVotes(scores: readonly Tensor4D[], maps: readonly ProbabilityMap[]): Tensor[] {
  const votes = scores.map((member) => votedClass(member));
  return maps.map((map, c) => applyMap(votes, map, c + 1));
}

function applyMap(votes: readonly Tensor[], map: ProbabilityMap, classIndex: number): Tensor {
  const count = voteCount(votes, classIndex);
  if (map.kind === 'votes') return lookUp(tf.tensor1d(map.probabilities), count);
  const weighted = votes.map((vote, i) =>
    tf.mul(tf.cast(tf.equal(vote, tf.scalar(classIndex, 'int32')), 'float32'), map.weights[i]!),
  );
  const sum = tf.clipByValue(tf.addN(weighted), 0, 1);
  return tf.where(tf.greater(count, tf.scalar(0, 'int32')), sum, tf.fill(sum.shape, map.zero));
}
