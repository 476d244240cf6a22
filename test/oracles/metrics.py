"""Metrics with scikit-learn, scipy.ndimage and numpy."""
import numpy as np
from scipy import ndimage, stats
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, jaccard_score, log_loss

from oracle_file import write_oracle


def masks(seed, height, width, sigma=3):
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.normal(size=(height, width)), sigma)
    other = field + 0.4 * ndimage.gaussian_filter(rng.normal(size=(height, width)), sigma / 2)
    cut = np.quantile(field, 0.8)
    return (field > cut).astype(int), (other > cut).astype(int)


def overlap_case(name, seed, height, width):
    truth, prediction = masks(seed, height, width)
    flat = truth.ravel(), prediction.ravel()
    return {"name": name, "truth": flat[0], "prediction": flat[1], "dice": f1_score(*flat), "iou": jaccard_score(*flat)}


write_oracle("metrics/overlap", [overlap_case("blobs", 1, 20, 24), overlap_case("other blobs", 2, 16, 40)])


def surface_case(name, seed, height, width, spacing):
    truth, prediction = masks(seed, height, width)
    edges = [m.astype(bool) & ~ndimage.binary_erosion(m.astype(bool)) for m in (truth, prediction)]
    to = [ndimage.distance_transform_edt(~e, sampling=spacing) for e in edges]
    pooled = np.concatenate([to[0][edges[1]], to[1][edges[0]]])
    return {
        "name": name, "height": height, "width": width, "spacingY": spacing[0], "spacingX": spacing[1], "truth": truth.ravel(),
        "prediction": prediction.ravel(), "distances": to[0].ravel(), "edge": edges[0].astype(int).ravel(),
        "mean": pooled.mean(), "hausdorff95": np.percentile(pooled, 95),
    }


write_oracle("metrics/surface-distance", [
    surface_case("square pixels", 3, 20, 24, (1, 1)), surface_case("pixels of 0.7 by 2.5", 4, 18, 30, (0.7, 2.5)),
])


def ece(p, y, bins):
    return sum(len(b) / len(p) * abs(p[b].mean() - y[b].mean()) for b in bins if len(b))


def calibration_case(name, seed, samples, bin_count):
    rng = np.random.default_rng(seed)
    p = rng.beta(0.5, 2, samples)
    y = (rng.random(samples) < p ** 1.3).astype(int)
    index = np.minimum(bin_count - 1, np.floor(p * bin_count).astype(int))
    fixed = [np.flatnonzero(index == b) for b in range(bin_count)]
    adaptive = np.array_split(np.argsort(p, kind="stable"), bin_count)
    classes = rng.dirichlet([0.4, 0.8, 1.2], samples)
    labels = np.array([rng.choice(3, p=row ** 1.5 / (row ** 1.5).sum()) for row in classes])
    class_wise = np.mean([
        ece(classes[:, c], (labels == c).astype(int), [np.flatnonzero(np.minimum(bin_count - 1, np.floor(classes[:, c] * bin_count)) == b) for b in range(bin_count)])
        for c in range(3)
    ])
    confidence, wrong = classes.max(axis=1), (classes.argmax(axis=1) != labels).astype(int)
    order = np.argsort(-confidence, kind="stable")
    coverage = np.mean(np.cumsum(wrong[order]) / np.arange(1, samples + 1))
    predictions = classes.argmax(axis=1)
    return {
        "name": name, "binCount": bin_count, "probabilities": p, "truths": y, "fixed": ece(p, y, fixed), "adaptive": ece(p, y, adaptive),
        "classProbabilities": classes.ravel(), "labels": labels, "classWise": class_wise, "confidences": confidence, "errors": wrong,
        "riskCoverage": coverage, "brier": ((classes - np.eye(3)[labels]) ** 2).sum(axis=1).mean(), "nll": log_loss(labels, classes, labels=[0, 1, 2]),
        "binaryBrier": brier_score_loss(y, p), "binaryNll": log_loss(y, np.clip(p, 1e-7, 1 - 1e-7)), "predictions": predictions,
        "accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions, average=None, labels=[0, 1, 2]),
        "f1Macro": f1_score(labels, predictions, average="macro"),
    }


write_oracle("metrics/scores", [calibration_case("300 samples, 10 bins", 5, 300, 10), calibration_case("101 samples, 15 bins", 6, 101, 15)])


def bootstrap_case(name, seed, groups):
    rng = np.random.default_rng(seed)
    values = rng.normal(0.8, 0.1, groups)
    result = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=100_000, rng=np.random.default_rng(0))
    return {"name": name, "values": values, "mean": values.mean(), "low": result.confidence_interval.low,
            "high": result.confidence_interval.high, "standardError": values.std() / groups ** 0.5}


write_oracle("metrics/bootstrap-over-groups", [bootstrap_case("8 groups", 7, 8), bootstrap_case("40 groups", 8, 40)])
