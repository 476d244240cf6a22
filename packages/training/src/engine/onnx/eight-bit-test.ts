import { readRanges } from '@probity/tfjs-graph/eight-bits/convolution-ranges';
import { trace } from '@probity/tfjs-graph/trace';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import tf from '@tensorflow/tfjs';
import type { Tensor as TfTensor, Tensor4D } from '@tensorflow/tfjs';
import type { OnnxRuntime } from './onnx-library.js';

const SIDE = 8;
const CHANNELS = 16;
/** 3×3 ones over ones, away from the border. */
const SUM = 9 * CHANNELS;

/**
 * Whether convolutions in 8 bits add up right. Processors without instructions made for it add pairs of products in 16
 * bits, which overflow where image and filter are both at their largest: the very sum that is tried here.
 */
export async function addsUpInEightBits({ InferenceSession, Tensor }: OnnxRuntime): Promise<boolean> {
  const shape = [1, SIDE, SIDE, CHANNELS];
  const graph = trace(
    ({ image }): Record<string, TfTensor> => ({
      sums: tf.conv2d(image as Tensor4D, tf.ones([3, 3, CHANNELS, CHANNELS]) as Tensor4D, 1, 'same'),
    }),
    { image: { shape, dtype: 'float32' } },
  );
  const all = (value: number) => new Float32Array(CHANNELS).fill(value);
  const ranges = readRanges({
    'inputMin-0': all(0),
    'inputMax-0': all(1),
    'outputMin-0': all(0),
    'outputMax-0': all(SUM),
  });
  const session = await InferenceSession.create(writeOnnx(graph, { ranges }), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const image = new Tensor('float32', new Float32Array(SIDE * SIDE * CHANNELS).fill(1), shape);
  const sums = (await session.run({ image }))['sums']!.data as Float32Array;
  await session.release();
  const middle = ((SIDE / 2) * SIDE + SIDE / 2) * CHANNELS;
  return sums.subarray(middle, middle + CHANNELS).every((sum) => Math.abs(sum - SUM) <= SUM / 255);
}
