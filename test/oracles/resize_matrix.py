"""Oracle for packages/tfjs-graph/src/resize-matrix.ts: Pillow's bilinear resize of rows in 32-bit floats.

Run from the repository root, with Pillow and numpy installed:
    python test/oracles/resize_matrix.py > packages/tfjs-graph/src/resize-matrix.oracle.json
"""

import json
import platform

import numpy as np
import PIL
from PIL import Image

SIZES = [(1, 3), (3, 1), (5, 5), (4, 8), (8, 4), (7, 3), (3, 7), (100, 33), (33, 100), (17, 16)]


def resize_row(row: np.ndarray, size: int) -> list[float]:
    image = Image.fromarray(row.reshape(1, -1).astype(np.float32))
    return np.asarray(image.resize((size, 1), Image.Resampling.BILINEAR)).reshape(-1).astype(float).round(6).tolist()


generator = np.random.default_rng(1)
cases = []
for before, after in SIZES:
    row = generator.uniform(-1, 1, before).astype(np.float32).round(4)
    cases.append({"row": row.astype(float).round(4).tolist(), "resized": resize_row(row, after)})
print(json.dumps({"source": f"Pillow {PIL.__version__}, numpy {np.__version__}, Python {platform.python_version()}; test/oracles/resize_matrix.py", "cases": cases}))
