import type { Graph, Value } from './graph.js';
import { ELEMENT_TYPES } from './onnx/element-types.js';
import { encodeFile, valueInfo, writeNodes, type OnnxOptions } from './write-onnx.js';

/** The input that says how many steps a run makes: int64, a scalar. */
export const STEP_COUNT = 'stepCount';

/** Before the names of a step's own inputs and outputs: no name inside a loop may be one outside it. */
const STEP = 'step/';

const INDEX = `${STEP}index`;
const GOES_ON = `${STEP}goesOn`;
const STILL_GOES_ON = `${STEP}stillGoesOn`;

/** The first axis of what is fed to all steps and told by all. */
const STEPS = 'steps';

const GRAPH_ATTRIBUTE = 5;

/**
 * Writes a graph that turns a state into the next one as an ONNX file of which one run makes several steps (`Loop`): a
 * library that runs the loop on a device leaves the state there from step to step. Equal graphs give equal bytes.
 *
 * Inputs: `stepCount`; the state; every other input of the graph with a first axis of so many steps before its own.
 * Outputs: `next_<name>` of the state behind the last step; every other output of the graph with a first axis of steps.
 *
 * @param state Inputs that are the state; the graph has an output `next_<name>` of the same shape and type for each.
 */
export function writeOnnxLoop(graph: Graph, state: readonly string[], options: OnnxOptions = {}): Uint8Array {
  const carried = state.map((name) => named(graph.inputs, name));
  const next = state.map((name) => named(graph.outputs, `next_${name}`));
  const fed = graph.inputs.filter((input) => !carried.includes(input));
  const told = graph.outputs.filter((output) => !next.includes(output));

  const { node, initializer } = writeNodes(graph, options, STEP);
  const goesOn = (name: string) => valueInfo({ name, value: { shape: [], dtype: 'bool' } });
  const body = {
    name: 'step',
    node: [
      ...fed.map(({ name }) => ({
        opType: 'Gather',
        name: `Gather_${name}`,
        input: [name, INDEX],
        output: [`${STEP}${name}`],
      })),
      ...node,
      { opType: 'Identity', name: 'Identity_goesOn', input: [GOES_ON], output: [STILL_GOES_ON] },
    ],
    initializer,
    input: [integer(INDEX), goesOn(GOES_ON), ...carried.map((input) => valueInfo(input, { prefix: STEP }))],
    output: [goesOn(STILL_GOES_ON), ...[...next, ...told].map((output) => valueInfo(output, { prefix: STEP }))],
  };
  const loop = {
    opType: 'Loop',
    name: 'Loop_steps',
    input: [STEP_COUNT, '', ...state],
    output: [...next, ...told].map(({ name }) => name),
    attribute: [{ name: 'body', g: body, type: GRAPH_ATTRIBUTE }],
  };
  const ofAllSteps = { leading: STEPS };
  return encodeFile(
    {
      node: [loop],
      input: [
        integer(STEP_COUNT),
        ...carried.map((input) => valueInfo(input)),
        ...fed.map((input) => valueInfo(input, ofAllSteps)),
      ],
      output: [...next.map((output) => valueInfo(output)), ...told.map((output) => valueInfo(output, ofAllSteps))],
    },
    options,
  );
}

function named(values: Graph['inputs'], name: string): { readonly name: string; readonly value: Value } {
  const found = values.find((value) => value.name === name);
  if (!found) throw new Error(`Bug: a loop was asked for over a state of "${name}", which the graph has not`);
  return found;
}

const integer = (name: string): object => ({
  name,
  type: { tensorType: { elemType: ELEMENT_TYPES.int64, shape: {} } },
});
