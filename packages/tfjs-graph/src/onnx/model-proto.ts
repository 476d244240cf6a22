import protobuf from 'protobufjs';

const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** The messages of the ONNX format that a written graph needs, with their field numbers. */
const root = protobuf.Root.fromJSON({
  nested: {
    onnx: {
      nested: {
        Tensor: {
          fields: {
            dims: list('int64', 1),
            dataType: field('int32', 2),
            name: field('string', 8),
            rawData: field('bytes', 9),
          },
        },
        Attribute: {
          fields: {
            name: field('string', 1),
            f: field('float', 2),
            i: field('int64', 3),
            s: field('bytes', 4),
            g: field('Graph', 6),
            ints: { ...list('int64', 8), options: { packed: false } },
            type: field('int32', 20),
          },
        },
        Node: {
          fields: {
            input: list('string', 1),
            output: list('string', 2),
            name: field('string', 3),
            opType: field('string', 4),
            attribute: list('Attribute', 5),
            domain: field('string', 7),
          },
        },
        Dimension: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
        Shape: { fields: { dim: list('Dimension', 1) } },
        TensorType: { fields: { elemType: field('int32', 1), shape: field('Shape', 2) } },
        Type: { fields: { tensorType: field('TensorType', 1) } },
        ValueInfo: { fields: { name: field('string', 1), type: field('Type', 2) } },
        Graph: {
          fields: {
            node: list('Node', 1),
            name: field('string', 2),
            initializer: list('Tensor', 5),
            input: list('ValueInfo', 11),
            output: list('ValueInfo', 12),
          },
        },
        OperatorSet: { fields: { domain: field('string', 1), version: field('int64', 2) } },
        Model: {
          fields: {
            irVersion: field('int64', 1),
            producerName: field('string', 2),
            producerVersion: field('string', 3),
            graph: field('Graph', 7),
            opsetImport: list('OperatorSet', 8),
          },
        },
      },
    },
  },
});

const Model = root.lookupType('onnx.Model');

/** Serialises a model given as plain objects; empty lists and absent fields are left out. */
export function encodeModel(model: Readonly<Record<string, unknown>>): Uint8Array {
  return Model.encode(Model.fromObject(model)).finish();
}

/** The same messages read back. */
export function decodeModel(bytes: Uint8Array): Record<string, unknown> {
  return Model.toObject(Model.decode(bytes), { defaults: true });
}
