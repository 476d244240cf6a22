"""Checks every ONNX file that the tests of packages/tfjs-graph write with onnx.checker, in full, shapes and types included.

Run from the repository root, with the package onnx installed (checked with 1.23):
    mkdir /tmp/onnx-files
    PROBITY_KEEP_ONNX=/tmp/onnx-files npx vitest run --project unit packages/tfjs-graph
    python test/oracles/check-onnx.py /tmp/onnx-files
"""

import pathlib
import sys

import onnx

files = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
faults = []
operators = set()
for file in files:
    model = onnx.load(file)
    operators |= {node.op_type for node in model.graph.node}
    domains = {node.domain for node in model.graph.node}
    if domains - {""}:
        faults.append(f"{file.name}: operators outside the standard: {domains}")
    try:
        onnx.checker.check_model(model, full_check=True)
    except Exception as error:  # the checker raises several kinds
        faults.append(f"{file.name}: {error}")
print(f"{len(files)} files with {len(operators)} kinds of operators, {len(faults)} at fault")
print("\n".join(faults))
sys.exit(1 if faults or not files else 0)
