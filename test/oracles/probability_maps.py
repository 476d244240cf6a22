"""Vote table with numpy; pattern fit with numpy.linalg.lstsq; non-negative fit with scipy's SLSQP, polished."""
import numpy as np
from scipy.optimize import minimize, nnls

from oracle_file import write_oracle


def counts_case(name, seed, members, pattern_list, true_weights, size=4000):
    rng = np.random.default_rng(seed)
    counts = []
    for pattern in pattern_list:
        bits = np.array([(pattern >> i) & 1 for i in range(members)])
        count = int(rng.integers(1, size))
        p = float(np.clip(bits @ true_weights + rng.normal() * 0.05, 0, 1))
        counts.append({"pattern": int(pattern), "count": count, "trueCount": int(rng.binomial(count, p))})
    return {"name": name, "memberCount": members, "counts": counts, **solve(counts, members)}


def solve(counts, members):
    voted = [c for c in counts if c["pattern"] != 0]
    bits = np.array([[(c["pattern"] >> i) & 1 for i in range(members)] for c in voted], float)
    n = np.array([c["count"] for c in voted], float)
    k = np.array([c["trueCount"] for c in voted], float)
    paper = np.linalg.lstsq(bits * n[:, None], k, rcond=None)[0]
    root = np.sqrt(n / n.sum())
    a, b = bits * root[:, None], (k / n) * root
    return {"paper": paper, "nonNegative": constrained(a, b), "votes": vote_table(counts, members)}


def constrained(a, b):
    """min |a x - b|² over x >= 0, sum x <= 1: the best of NNLS (if its sum allows) and SLSQP from several starts."""
    free, _ = nnls(a, b, maxiter=10_000)
    if free.sum() <= 1:
        return free
    m = a.shape[1]
    starts = [np.full(m, 1 / m), free / free.sum(), *np.eye(m)]
    results = [
        minimize(lambda x: np.sum((a @ x - b) ** 2) * 1e3, s, jac=lambda x: 2e3 * a.T @ (a @ x - b), method="SLSQP",
                 bounds=[(0, 1)] * m, constraints={"type": "ineq", "fun": lambda x: 1 - x.sum(), "jac": lambda x: -np.ones(m)},
                 options={"ftol": 1e-16, "maxiter": 2000})
        for s in starts
    ]
    best = np.clip(min(results, key=lambda r: r.fun).x, 0, 1)
    return best / max(1, best.sum())  # SLSQP oversteps a bound by about 1e-9


def vote_table(counts, members):
    votes = np.array([bin(c["pattern"]).count("1") for c in counts])
    n = np.bincount(votes, [c["count"] for c in counts], members + 1)
    k = np.bincount(votes, [c["trueCount"] for c in counts], members + 1)
    known = n > 0
    return np.interp(np.arange(members + 1), np.flatnonzero(known), (k[known] / n[known]))


nested = lambda m: [(1 << i) - 1 for i in range(m + 1)]
write_oracle("calibration/probability-maps", [
    counts_case("nested patterns of seven members", 1, 7, nested(7), np.array([.05, .1, .15, .2, .2, .15, .1])),
    counts_case("all patterns of four members", 2, 4, range(16), np.array([.1, .3, .2, .3])),
    counts_case("a member that is worse than useless", 3, 4, range(16), np.array([.5, -.3, .3, .2])),
    counts_case("weights that want a sum above 1", 4, 3, range(8), np.array([.8, .7, .6])),
    counts_case("some patterns of seven members", 5, 7, sorted(np.random.default_rng(5).choice(128, 40, False).tolist()), np.full(7, 1 / 7)),
    counts_case("vote bins that nobody measured", 6, 6, [0, 1, 0b1111], np.full(6, 1 / 6)),
])
