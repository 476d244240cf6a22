/** Images at the network's size, in memory, and the size of what they are taught. */
export interface PreparedImages {
  readonly ids: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Shape (items, height, width, channels), normalised per image. */
  readonly images: Float32Array;
  /** The network's size for masks; 1 × 1 for classes. */
  readonly labelHeight: number;
  readonly labelWidth: number;
}

/** Images with labels: what trains, and what is predicted out of fold. */
export interface PreparedItems extends PreparedImages {
  /** Class indices, 255 = ignore. Shape (items, labelHeight, labelWidth). */
  readonly labels: Uint8Array;
}

/** Images with the probability of every class: what a student learns from. */
export interface SoftItems extends PreparedImages {
  readonly classCount: number;
  /** 255 = probability 1; all 0 where a pixel teaches nothing. Shape (items, labelHeight, labelWidth, classes). */
  readonly levels: Uint8Array;
}

/** What one step learns from, by the names of the graph's inputs. */
export type Batch = LabelBatch | SoftBatch;

export interface LabelBatch {
  /** Shape (batch, height, width, channels). */
  readonly images: Float32Array;
  /** Shape (batch, labelHeight, labelWidth), int32 as the graph wants it. */
  readonly labels: Int32Array;
}

export interface SoftBatch {
  /** Shape (batch, height, width, channels). */
  readonly images: Float32Array;
  /** Probabilities, 0 to 1. Shape (batch, labelHeight, labelWidth, classes). */
  readonly targets: Float32Array;
}
