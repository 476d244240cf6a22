export interface ReferenceInputs {
  /** Shape (pixels, classes). */
  readonly logits: readonly number[];
  /** 255 = ignore. */
  readonly labels: readonly number[];
  /** w of each foreground class. */
  readonly operatingPoint: readonly number[];
}

/** CE_w and Tversky_w in double precision, pixel by pixel, straight from their formulas. */
export function referenceLoss({ logits, labels, operatingPoint }: ReferenceInputs): {
  crossEntropy: number;
  tversky: number;
} {
  const classCount = operatingPoint.length + 1;
  const sums = operatingPoint.map(() => ({ tp: 0, fp: 0, fn: 0 }));
  let [crossEntropy, known] = [0, 0];
  for (const [pixel, label] of labels.entries()) {
    if (label === 255) continue;
    known++;
    const exponentials = Array.from({ length: classCount }, (_, c) => Math.exp(logits[pixel * classCount + c]!));
    const total = exponentials.reduce((a, b) => a + b);
    const q = exponentials.map((value) => value / total);
    crossEntropy += (label === 0 ? 1 : Math.exp(-operatingPoint[label - 1]!)) * -Math.log(q[label]!);
    for (const [i, sum] of sums.entries()) {
      const y = label === i + 1 ? 1 : 0;
      sum.tp += y * q[i + 1]!;
      sum.fp += (1 - y) * q[i + 1]!;
      sum.fn += (1 - q[i + 1]!) * y;
    }
  }
  const overlaps = sums.map(({ tp, fp, fn }, i) => {
    const share = 1 / (1 + Math.exp(-operatingPoint[i]!));
    return (tp + 1e-5) / (tp + share * fp + (1 - share) * fn + 1e-5);
  });
  return { crossEntropy: crossEntropy / known, tversky: 1 - overlaps.reduce((a, b) => a + b) / overlaps.length };
}
