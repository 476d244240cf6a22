import type { GraphNode, Value } from '../graph.js';
import type { GraphWriter } from './graph-edit.js';
import { tapMatrix, type GrownForm } from './grown-form.js';

/** Behind a border of one pixel odd pixels come first. Row 4 · tap + place in the square. */
const rowOfTap = ([row, column]: readonly [number, number], tap: number): number =>
  4 * tap + 2 * (1 - row) + 1 - column;

const BORDER = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
] as const;

/** TensorFlow's fast convolutions have no borders of their own but `same`. */
const WINDOW = { strides: 1, dilations: 1, pad: 'valid' } as const;

/**
 * One convolution of 2×2 taps with four times the filters, whose channels are then laid out as squares of pixels: more work
 * at once than four convolutions. Squares overlap the grown image by a border of one pixel, which is cut off.
 */
export class GrowBySquares implements GrownForm {
  readonly #writer: GraphWriter;
  readonly #filters = new Map<number, Value>();
  readonly #framed = new Map<number, Value>();
  readonly #gradients = new Map<number, Value>();
  #taps: Value | undefined;

  constructor(writer: GraphWriter) {
    this.#writer = writer;
  }

  convolve({ inputs, outputs }: GraphNode, small: Value): void {
    const [batch, height, width] = small.shape as [number, number, number, number];
    const [grown, channels] = [outputs[0]!, outputs[0]!.shape[3]!];
    const squares = this.#writer.add('Conv2D', [this.#withBorder(small), this.#filterOfSquares(inputs[1]!)], {
      shape: [batch, height + 1, width + 1, 4 * channels],
      attributes: WINDOW,
    });
    const rows = this.#reshaped(squares, [batch * (height + 1), width + 1, 2, 2 * channels]);
    const image = this.#reshaped(this.#swapped(rows), [batch, 2 * height + 2, 2 * width + 2, channels]);
    this.#cutBorder(image, grown);
  }

  filterGradient({ inputs, outputs }: GraphNode, small: Value): void {
    const [, , channels, filters] = outputs[0]!.shape as [number, number, number, number];
    const shape = [2, 2, channels, 4 * filters];
    const gradient = this.#writer.add(
      'Conv2DBackpropFilter',
      [this.#withBorder(small), this.#gradientOfSquares(inputs[1]!)],
      {
        shape,
        attributes: { ...WINDOW, filterShape: shape },
      },
    );
    const rows = this.#reshaped(this.#swapped(this.#reshaped(gradient, [4, channels, 4, filters])), [
      16,
      channels * filters,
    ]);
    const sums = this.#writer.add('BatchMatMul', [this.#matrix(), rows], {
      shape: [9, channels * filters],
      attributes: { transposeA: true, transposeB: false },
    });
    this.#writer.nodes.push({
      operation: 'Reshape',
      inputs: [sums],
      attributes: { shape: outputs[0]!.shape },
      outputs,
    });
  }

  imageGradient({ outputs }: GraphNode, { inputs: [dy, filter] }: GraphNode): void {
    const [batch, height, width, channels] = outputs[0]!.shape as [number, number, number, number];
    const shape = [batch, height + 2, width + 2, channels];
    const factors = [this.#gradientOfSquares(dy!), this.#filterOfSquares(filter!)];
    const framed = this.#writer.add('Conv2DBackpropInput', factors, {
      shape,
      attributes: { ...WINDOW, inputShape: shape },
    });
    this.#cutBorder(framed, outputs[0]!);
  }

  /** The filters of the four pixels of a square side by side: (2, 2, channels, 4 · filters). */
  #filterOfSquares(filter: Value): Value {
    const known = this.#filters.get(filter.id);
    if (known) return known;
    const [, , channels, filters] = filter.shape as [number, number, number, number];
    const sums = this.#writer.add('BatchMatMul', [this.#matrix(), this.#reshaped(filter, [9, channels * filters])], {
      shape: [16, channels * filters],
      attributes: { transposeA: false, transposeB: false },
    });
    const swapped = this.#swapped(this.#reshaped(sums, [4, 4, channels, filters]));
    const squares = this.#reshaped(swapped, [2, 2, channels, 4 * filters]);
    this.#filters.set(filter.id, squares);
    return squares;
  }

  /** The gradient of a grown image with its border, each square as one pixel of four times the channels. */
  #gradientOfSquares(dy: Value): Value {
    const known = this.#gradients.get(dy.id);
    if (known) return known;
    const [batch, height, width, channels] = dy.shape as [number, number, number, number];
    const [rows, columns] = [height / 2 + 1, width / 2 + 1];
    const split = this.#reshaped(this.#withBorder(dy), [batch * rows, 2, columns, 2 * channels]);
    const squares = this.#reshaped(this.#swapped(split), [batch, rows, columns, 4 * channels]);
    this.#gradients.set(dy.id, squares);
    return squares;
  }

  #withBorder(image: Value): Value {
    const known = this.#framed.get(image.id);
    if (known) return known;
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const framed = this.#writer.add('PadV2', [image], {
      shape: [batch, height + 2, width + 2, channels],
      attributes: { paddings: BORDER, constantValue: 0 },
    });
    this.#framed.set(image.id, framed);
    return framed;
  }

  /** Writes an image without its border as a value of the graph. */
  #cutBorder(framed: Value, output: Value): void {
    const attributes = { begin: [0, 1, 1, 0], size: output.shape };
    this.#writer.nodes.push({ operation: 'Slice', inputs: [framed], attributes, outputs: [output] });
  }

  /** The two middle axes of four the other way about. */
  #swapped(value: Value): Value {
    const [a, b, c, d] = value.shape as [number, number, number, number];
    return this.#writer.add('Transpose', [value], { shape: [a, c, b, d], attributes: { perm: [0, 2, 1, 3] } });
  }

  #matrix(): Value {
    this.#taps ??= this.#writer.constant(tapMatrix(rowOfTap), [16, 9]);
    return this.#taps;
  }

  #reshaped(value: Value, shape: readonly number[]): Value {
    return this.#writer.add('Reshape', [value], { shape, attributes: { shape } });
  }
}
