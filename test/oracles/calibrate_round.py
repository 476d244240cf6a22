"""A whole calibration from raw pixels: cross-fitted vote tables, ECE, Brier, NLL and conformal thresholds, by brute force."""
import numpy as np

from oracle_file import write_oracle

MEMBERS, PIXELS = 3, 80


def make_items(seed, groups, fold_count):
    rng = np.random.default_rng(seed)
    items = []
    for g in range(groups):
        for i in range(1 + g % 2):
            p = np.where(rng.random(PIXELS) < 0.6, rng.beta(0.4, 8, PIXELS), rng.beta(6, 1, PIXELS))
            labels = (rng.random(PIXELS) < p).astype(int)
            labels[rng.random(PIXELS) < 0.05] = 255
            noisy = np.clip(p[None] + rng.normal(0, 0.08, (MEMBERS, PIXELS)), 0, 1)
            votes = (noisy > np.array([0.25, 0.5, 0.75])[:, None]).astype(int)
            score = np.round(np.clip(noisy.mean(axis=0) ** 1.5, 0, 1), 4)
            items.append({"id": f"g{g}/{i}", "group": f"g{g}", "fold": g % fold_count, "votes": votes, "scores": score, "labels": labels})
    return items


def pooled(items, key=None):
    keep = [item["labels"] != 255 for item in items]
    votes = np.concatenate([item["votes"].sum(axis=0)[k] for item, k in zip(items, keep)])
    score = np.concatenate([item["scores"][k].astype(np.float32).astype(float) for item, k in zip(items, keep)])
    truth = np.concatenate([item["labels"][k] for item, k in zip(items, keep)])
    group = np.concatenate([np.full(k.sum(), item["group"]) for item, k in zip(items, keep)])
    return votes, score, truth, group


def vote_table(items):
    votes, _, truth, _ = pooled(items)
    return np.array([truth[votes == j].mean() for j in range(MEMBERS + 1)])


def errors(p, truth):
    bins = np.minimum(9, (p * 10).astype(int))
    ece = sum(abs(p[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins))
    floor = np.maximum(1e-7, np.where(truth == 1, p, 1 - p))
    return {"ece": ece, "brier": ((p - truth) ** 2).mean(), "nll": -np.log(floor).mean()}


def threshold(p, voted, truth, group, error_max, decided_min):
    level = np.floor(p * 255 + 0.5)
    names = np.unique(group)
    n = len(names)

    def loosest(loss):
        best, worst_so_far = None, np.zeros(n)
        for step in range(127):
            lam = (step + 0.5) / 255
            worst_so_far = np.maximum(worst_so_far, [loss(group == name, lam) for name in names])
            bound = n / (n + 1) * worst_so_far.mean() + 1 / (n + 1)
            if bound <= error_max:
                best = (lam, worst_so_far.mean(), bound)
        return best

    def false_foreground(own, lam):
        decided = own & (level / 255 >= 1 - lam)
        denominator = max(decided.sum(), decided_min * (own & voted).sum())
        return (decided & (truth == 0)).sum() / denominator if denominator > 0 else 0

    def missed_foreground(own, lam):
        true = own & (truth == 1)
        return (true & (level / 255 <= lam)).sum() / true.sum() if true.any() else 0

    fg, bg = loosest(false_foreground), loosest(missed_foreground)
    worse = max(fg, bg, key=lambda side: side[1])
    return {"foregroundMin": 1 - fg[0], "backgroundMax": bg[0], "errorMean": worse[1], "bound": worse[2]}


def case(name, seed, groups, fold_count, error_max):
    items = make_items(seed, groups, fold_count)
    tables = [vote_table([i for i in items if i["fold"] != f]) for f in range(fold_count)]
    ordered = [i for f in range(fold_count) for i in items if i["fold"] == f]
    votes, score, truth, group = pooled(ordered)
    fold = np.concatenate([np.full((i["labels"] != 255).sum(), i["fold"]) for i in ordered])
    after = np.array([tables[f][v] for f, v in zip(fold, votes)])
    return {
        "name": name, "foldCount": fold_count, "errorMax": error_max, "decidedMin": 0.6, "items": items,
        "committees": tables, "shared": vote_table(items), "before": errors(score, truth), "after": errors(after, truth),
        "thresholds": threshold(after, votes > 0, truth, group, error_max, 0.6),
    }


cases = [case("nine groups in three folds", 1, 9, 3, 0.2), case("twelve groups in two folds", 2, 12, 2, 0.3)]
assert all(c["thresholds"] for c in cases)
write_oracle("calibration/calibrate-round", cases)
