"""Oracle for packages/training/src/losses/distillation-loss.ts: the loss and its gradient in float64, by numpy.

The gradient of the mean of -sum(t * log q) over the pixels that teach is (mass * q - t) / total mass in each pixel, where
mass is the sum of the pixel's targets: 1, or 0 where the pixel teaches nothing.

Run from the repository root: python test/oracles/distillation_loss.py
"""

import json
import pathlib
import platform

import numpy


def case(name, logits, targets):
    # Inputs are single precision, as the graph takes them.
    logits = numpy.asarray(logits, numpy.float32).astype(numpy.float64)
    targets = numpy.asarray(targets, numpy.float32).astype(numpy.float64)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_q = shifted - numpy.log(numpy.exp(shifted).sum(axis=1, keepdims=True))
    mass = targets.sum(axis=1, keepdims=True)
    total = max(mass.sum(), 1)
    terms = numpy.where(targets > 0, targets * log_q, 0)
    return {
        "name": name,
        "classCount": logits.shape[1],
        "logits": logits.ravel().tolist(),
        "targets": targets.ravel().tolist(),
        "loss": -terms.sum() / total,
        "gradient": ((mass * numpy.exp(log_q) - targets) / total).ravel().tolist(),
    }


generator = numpy.random.default_rng(14)
soft = generator.dirichlet([0.5, 0.5, 0.5], size=24)
hard = numpy.eye(3)[generator.integers(0, 3, size=24)]
mixed = numpy.where(numpy.arange(24)[:, None] % 2 == 0, soft, hard)
mixed[5::7] = 0
logits = generator.normal(scale=2, size=(24, 3))
cases = [
    case("soft targets", logits, soft),
    case("labels", logits, hard),
    case("both, with pixels that teach nothing", logits, mixed),
    case("two classes", logits[:, :2], numpy.stack([soft[:, 0], 1 - soft[:, 0]], axis=1)),
    case("certain and wrong", [[500, -500], [-80, 90]], [[0.1, 0.9], [1, 0]]),
    case("nothing that teaches", logits[:4], numpy.zeros((4, 3))),
]
source = f"test/oracles/{pathlib.Path(__file__).name}; Python {platform.python_version()}, numpy {numpy.__version__}"
path = pathlib.Path("packages/training/src/losses/distillation-loss.oracle.json")
path.write_text(json.dumps({"source": source, "cases": cases}, separators=(",", ":")) + "\n")
print(f"{path}: {len(cases)} cases")
