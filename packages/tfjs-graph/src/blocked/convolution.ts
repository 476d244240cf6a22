import { convolutionOf } from '../composites/accumulated-convolution.js';
import type { GraphNode, Value } from '../graph.js';
import { BLOCKED_DOMAIN } from '../onnx/node-list.js';
import { convolutionWindow, windowAttributes } from '../operations/families/convolution.js';
import { plainAdjoint } from '../operations/conv2d-backprop-input.js';
import type { OnnxAttribute, OnnxBuilder } from '../operation.js';
import { emitConvolution, fitsBlocks, type BlockedForm } from './blocked-form.js';
import { orderFilter } from './filters.js';

/** Images with fewer channels than a block are read channels-first; more must fill their blocks. */
const canBeRead = (image: Value, block: number): boolean => image.shape[3]! < block || fitsBlocks(image, block);

interface Parts {
  readonly image: Value;
  readonly filter: Value;
  readonly output: Value;
  readonly isTurned: boolean;
  readonly addend?: Value;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

function writeConvolution(
  { image, filter, output, isTurned, addend, attributes }: Parts,
  onnx: OnnxBuilder,
  block: number,
): boolean {
  if (!canBeRead(image, block) || !(fitsBlocks(image, block) || fitsBlocks(output, block))) return false;
  if (addend && !fitsBlocks(output, block)) return false;
  const result = emitConvolution(
    {
      image: onnx.read(image, fitsBlocks(image, block) ? 'blocked' : 'channels-first'),
      filter: orderFilter(onnx.read(filter), filter.shape, { onnx, block, isTurned }),
      ...(addend && { addend: onnx.read(addend, 'blocked') }),
      attributes: { ...attributes, group: 1 },
    },
    onnx,
  );
  if (fitsBlocks(output, block)) onnx.write(output, result, 'blocked');
  else {
    const channels = output.shape[3]!;
    const cut = onnx.emit(`${BLOCKED_DOMAIN}.ReorderOutput`, [result], { channels, channels_last: 0 });
    onnx.write(output, cut, 'channels-first');
  }
  return true;
}

/** A convolution or its adjoint, added to an image where one is given. */
function write(
  node: GraphNode,
  addend: Value | undefined,
  { onnx, block }: { onnx: OnnxBuilder; block: number },
): boolean {
  const [image, filter, output] = [node.inputs[0]!, node.inputs[1]!, node.outputs[0]!];
  const isTurned = node.operation === 'Conv2DBackpropInput';
  const attributes = isTurned
    ? plainAdjoint(node)
    : windowAttributes(convolutionWindow(node, image.shape, filter.shape));
  if (!attributes) return false;
  return writeConvolution({ image, filter, output, isTurned, attributes, ...(addend && { addend }) }, onnx, block);
}

export const convolution: BlockedForm = (node, onnx, block) => write(node, undefined, { onnx, block });

export const accumulatedConvolution: BlockedForm = (node, onnx, block) =>
  write({ ...convolutionOf(node), outputs: node.outputs }, node.inputs[2]!, { onnx, block });
