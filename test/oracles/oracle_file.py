"""Writes an oracle file beside the test that reads it, with the script and the library versions that made it."""
import inspect
import json
import pathlib
import platform

import numpy
import scipy
import sklearn

ROOT = pathlib.Path(__file__).resolve().parents[2]


def write_oracle(place, cases):
    """place: path below packages/core/src, without the ending."""
    script = pathlib.Path(inspect.stack()[1].filename).name
    source = (
        f"test/oracles/{script}; Python {platform.python_version()}, numpy {numpy.__version__}, "
        f"scipy {scipy.__version__}, scikit-learn {sklearn.__version__}"
    )
    path = ROOT / "packages/core/src" / f"{place}.oracle.json"
    path.write_text(json.dumps({"source": source, "cases": cases}, default=as_json, separators=(",", ":")) + "\n")
    print(f"{path.relative_to(ROOT)}: {len(cases)} cases")


def as_json(value):
    if isinstance(value, numpy.ndarray):
        return value.tolist()
    if isinstance(value, numpy.generic):
        return value.item()
    raise TypeError(type(value))
