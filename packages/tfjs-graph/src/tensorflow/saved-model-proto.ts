import protobuf from 'protobufjs';

const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: 'repeated', type, id });
const map = (type: string, id: number) => ({ keyType: 'string', type, id });

/** The messages of TensorFlow's SavedModel that a written graph needs, with their field numbers. */
const root = protobuf.Root.fromJSON({
  nested: {
    tensorflow: {
      nested: {
        Dimension: { fields: { size: field('int64', 1) } },
        Shape: { fields: { dim: list('Dimension', 2) } },
        Tensor: {
          fields: { dtype: field('int32', 1), tensorShape: field('Shape', 2), tensorContent: field('bytes', 4) },
        },
        Numbers: { fields: { i: list('int64', 3) } },
        Attribute: {
          // Together they are written even where they are 0 or false.
          oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
          fields: {
            list: field('Numbers', 1),
            s: field('bytes', 2),
            i: field('int64', 3),
            f: field('float', 4),
            b: field('bool', 5),
            type: field('int32', 6),
            shape: field('Shape', 7),
            tensor: field('Tensor', 8),
          },
        },
        Node: {
          fields: {
            name: field('string', 1),
            op: field('string', 2),
            input: list('string', 3),
            attr: map('Attribute', 5),
          },
        },
        Versions: { fields: { producer: field('int32', 1) } },
        Graph: { fields: { node: list('Node', 1), versions: field('Versions', 4) } },
        TensorInfo: {
          fields: { name: field('string', 1), dtype: field('int32', 2), tensorShape: field('Shape', 3) },
        },
        Signature: {
          fields: { inputs: map('TensorInfo', 1), outputs: map('TensorInfo', 2), methodName: field('string', 3) },
        },
        MetaInfo: { fields: { tags: list('string', 4) } },
        MetaGraph: {
          fields: {
            metaInfoDef: field('MetaInfo', 1),
            graphDef: field('Graph', 2),
            signatureDef: map('Signature', 5),
          },
        },
        SavedModel: {
          fields: { savedModelSchemaVersion: field('int64', 1), metaGraphs: list('MetaGraph', 2) },
        },
      },
    },
  },
});

const SavedModel = root.lookupType('tensorflow.SavedModel');

/** Serialises a SavedModel given as plain objects; absent fields are left out. */
export function encodeSavedModel(model: Readonly<Record<string, unknown>>): Uint8Array {
  return SavedModel.encode(SavedModel.fromObject(model)).finish();
}
