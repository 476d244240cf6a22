"""Oracle for packages/tfjs-graph/src/optimisers.ts: PyTorch's AdamW and SGD with Nesterov momentum in float64.

Run from the repository root, with PyTorch installed:
    python test/oracles/optimisers.py > packages/tfjs-graph/src/optimisers.oracle.json
"""

import json
import platform

import torch

STEPS = 4
RATES = [0.1, 0.05, 0.2, 0.01]


def run(make, settings):
    generator = torch.Generator().manual_seed(3)
    start = torch.randn(5, generator=generator, dtype=torch.float64)
    gradients = torch.randn(STEPS, 5, generator=generator, dtype=torch.float64)
    weights = torch.nn.Parameter(start.clone())
    optimiser = make(weights)
    after = []
    for rate, gradient in zip(RATES, gradients):
        for group in optimiser.param_groups:
            group["lr"] = rate
        weights.grad = gradient.clone()
        optimiser.step()
        after.append(weights.detach().tolist())
    return {"optimiser": settings, "rates": RATES, "start": start.tolist(), "gradients": gradients.tolist(), "after": after}


cases = [
    run(
        lambda w: torch.optim.AdamW([w], betas=(0.9, 0.99), eps=1e-8, weight_decay=0.02),
        {"kind": "adamw", "beta1": 0.9, "beta2": 0.99, "weightDecay": 0.02},
    ),
    run(
        lambda w: torch.optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.03),
        {"kind": "sgd", "momentum": 0.9, "weightDecay": 0.03},
    ),
]
print(json.dumps({"source": f"PyTorch {torch.__version__}, Python {platform.python_version()}; test/oracles/optimisers.py", "cases": cases}))
