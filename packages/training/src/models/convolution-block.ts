import type { ParameterSpec } from '@probity/tfjs-graph/flat-parameters';
import tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape, ParameterLookup } from './network-shape.js';

type Normalisation = NetworkShape['model']['normalisation'];

const VARIANCE_FLOOR = 1e-5;

/** The parameters of two 3×3 convolutions, each with gain and bias. */
export function blockParameters(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return (['first', 'second'] as const).flatMap((part, i) => [
    { name: `${name}/${part}/filter`, shape: [3, 3, i === 0 ? inputs : outputs, outputs] },
    { name: `${name}/${part}/gain`, shape: [outputs] },
    { name: `${name}/${part}/bias`, shape: [outputs] },
  ]);
}

/** Two 3×3 convolutions, each followed by normalisation and ReLU. */
export function block(
  images: Tensor4D,
  parameter: ParameterLookup,
  { name, normalisation }: { name: string; normalisation: Normalisation },
): Tensor4D {
  let x = images;
  for (const part of ['first', 'second']) {
    const convolved = tf.conv2d(x, parameter(`${name}/${part}/filter`) as Tensor4D, 1, 'same');
    const [gain, bias] = [parameter(`${name}/${part}/gain`), parameter(`${name}/${part}/bias`)];
    x = (
      normalisation === 'instance'
        ? instanceNormRelu(convolved, gain, bias)
        : tf.relu(tf.add(tf.mul(convolved, gain), bias))
    ) as Tensor4D;
  }
  return x;
}

/**
 * ReLU of instance normalisation (Ulyanov et al. 2016, arXiv 1607.08022) with its gradient in closed form: autodiff
 * would pass over the activations about three times as often.
 *
 * With d the gradient behind the ReLU, c = x − mean, r = 1/√(variance + ε), g the gain and E the mean over pixels:
 * dx = g·r·(d − E[d] − c·r²·E[d·c]), dgain = Σ d·c·r, dbias = Σ d.
 */
export const instanceNormRelu = tf.customGrad((...args: unknown[]) => {
  const [x, gain, bias, save] = args as [Tensor4D, Tensor, Tensor, (tensors: Tensor[]) => void];
  const centred = tf.sub(x, tf.mean(x, [1, 2], true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), [1, 2], true), VARIANCE_FLOOR));
  const value = tf.relu(tf.add(tf.mul(centred, tf.mul(inverse, gain)), bias));
  save([centred, inverse, gain, value]);
  const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
    const [c, r, g, y] = saved as [Tensor, Tensor, Tensor, Tensor];
    const pixels = c.shape[1]! * c.shape[2]!;
    const d = tf.mul(dy, tf.step(y));
    const meanD = tf.mean(d, [1, 2], true);
    const meanDc = tf.mean(tf.mul(d, c), [1, 2], true);
    const dx = tf.mul(tf.mul(g, r), tf.sub(tf.sub(d, meanD), tf.mul(c, tf.mul(meanDc, tf.square(r)))));
    const perChannel = (perImage: Tensor) => tf.mul(tf.sum(perImage, [0, 1, 2]), pixels);
    return [dx, perChannel(tf.mul(meanDc, r)), perChannel(meanD)];
  };
  return { value, gradFunc };
}) as (x: Tensor, gain: Tensor, bias: Tensor) => Tensor;
