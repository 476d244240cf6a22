"""Vote patterns and score bins with numpy's unique and histogram."""
import numpy as np

from oracle_file import write_oracle


def evidence(member_classes, mean_scores, labels, class_count):
    keep = labels != 255
    classes = []
    for c in range(1, class_count):
        truth = (labels[keep] == c).astype(np.float64)
        bits = 1 << np.arange(member_classes.shape[0])
        pattern = ((member_classes[:, keep] == c) * bits[:, None]).sum(axis=0)
        patterns = [[v, (pattern == v).sum(), truth[pattern == v].sum().astype(int)] for v in np.unique(pattern)]
        score = mean_scores[keep, c].astype(np.float64)
        bins = np.digitize(score, np.arange(1, 50) / 50)
        nll = -np.log(np.maximum(1e-7, np.where(truth == 1, score, 1 - score)))
        scores = [
            [b, (bins == b).sum(), score[bins == b].sum(), truth[bins == b].sum().astype(int),
             ((score - truth) ** 2)[bins == b].sum(), nll[bins == b].sum()]
            for b in np.unique(bins)
        ]
        classes.append({"classIndex": c, "patterns": patterns, "scores": scores})
    return classes


def case(name, seed, pixels, members, class_count):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(members, pixels, class_count)) * 2
    probability = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    mean_scores = probability.mean(axis=0).astype(np.float32)
    member_classes = probability.argmax(axis=2)
    labels = rng.integers(0, class_count, pixels)
    labels[rng.random(pixels) < 0.1] = 255
    return {
        "name": name, "memberCount": members, "classCount": class_count,
        "memberClasses": member_classes.reshape(-1), "labels": labels,
        "meanScores": [float(f"{v:.9g}") for v in mean_scores.reshape(-1)],
        "classes": evidence(member_classes, mean_scores, labels, class_count),
    }


write_oracle("ensemble/collect-evidence", [
    case("one foreground class, seven members", 1, 200, 7, 2),
    case("three foreground classes, four members", 2, 150, 4, 4),
    case("one member", 3, 40, 1, 2),
])
