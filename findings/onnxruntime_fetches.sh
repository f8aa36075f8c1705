#!/bin/sh
# onnxruntime 1.32.0: RunOptions.only_execute_path_to_fetches ("Only execute the nodes needed by fetch list") changes
# nothing: asked for an early output alone, run() executes the nodes behind it, too, sequentially and in parallel, with
# and without graph optimisation. Seen on a graph of three nodes by the profiler's own list, and on an encoder of
# twelve layers, whose embedding layer cost as much as all of it. Who wants what a part computes must cut the graph.
# Needs python3 with venv and a package index; fails when only the node that is needed is executed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import json
from itertools import product
from pathlib import Path

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper

shape = [4, 4]
graph = helper.make_graph(
    [
        helper.make_node("Relu", ["x"], ["early"], name="needed"),
        helper.make_node("MatMul", ["early", "early"], ["product"], name="behind"),
        helper.make_node("Relu", ["product"], ["late"], name="last"),
    ],
    "three",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
    [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("early", "late")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9).SerializeToString()


def executed(asked: bool, mode: ort.ExecutionMode, level: ort.GraphOptimizationLevel) -> list[str]:
    """Names of the nodes that ran for the early output, as the profiler lists them."""
    options = ort.SessionOptions()
    options.enable_profiling, options.execution_mode, options.graph_optimization_level = True, mode, level
    session = ort.InferenceSession(model, options)
    run = ort.RunOptions()
    run.only_execute_path_to_fetches = asked
    session.run(["early"], {"x": np.ones(shape, np.float32)}, run)
    events = json.loads(Path(session.end_profiling()).read_text())
    return [event["name"].removesuffix("_kernel_time") for event in events if "_kernel_time" in event["name"]]


print("onnxruntime", ort.__version__, "-", ort.RunOptions.only_execute_path_to_fetches.__doc__.strip())
modes = (ort.ExecutionMode.ORT_SEQUENTIAL, ort.ExecutionMode.ORT_PARALLEL)
levels = (ort.GraphOptimizationLevel.ORT_DISABLE_ALL, ort.GraphOptimizationLevel.ORT_ENABLE_ALL)
for mode, level in product(modes, levels):
    nodes = executed(True, mode, level)
    print(mode, level, nodes)
    assert nodes == ["needed", "behind", "last"] == executed(False, mode, level), "the option has an effect"
PYTHON
