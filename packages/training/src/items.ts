/** Images and labels at the network's size, in memory: what trains, and what is predicted out of fold. */
export interface PreparedItems {
  readonly ids: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Shape (items, height, width, channels), normalised per image. */
  readonly images: Float32Array;
  /** Class indices, 255 = ignore. Shape (items, labelHeight, labelWidth). */
  readonly labels: Uint8Array;
  /** The network's size for masks; 1 × 1 for classes. */
  readonly labelHeight: number;
  readonly labelWidth: number;
}

export interface Batch {
  /** Shape (batch, height, width, channels). */
  readonly images: Float32Array;
  /** Shape (batch, labelHeight, labelWidth), int32 as the graph wants it. */
  readonly labels: Int32Array;
}
