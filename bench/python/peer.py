"""A rival that stays warm: answers one JSON line to each JSON line on standard input.

load      {weights, channels, classes, baseWidth, depth, height, width, batchSize, threads, learningRate, compile, bfloat16}
step      one training step on a fixed batch -> {milliseconds, loss}
gradients {images, labels, offsets, output, precision} gradient of the loss in float64 or float32, written as a flat float64 file
predict   forward pass of one batch in eager mode -> {milliseconds}
load_onnx {path, threads}, predict_onnx -> {milliseconds}
memory    -> {peakBytes}
"""

import json
import resource
import sys
import time

import numpy as np
import torch

from network import UNet, operating_point_loss

network = optimiser = images = labels = session = feed = None
shape: dict = {}


def load(request):
    global network, optimiser, images, labels, shape
    shape = request
    torch.set_num_threads(request["threads"])
    network = UNet(request["channels"], request["classes"], request["baseWidth"], request["depth"])
    network.load_flat(np.fromfile(request["weights"], np.float32))
    parameters = sum(p.numel() for p in network.parameters())
    if request.get("compile"):
        network = torch.compile(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=request.get("learningRate", 1e-3))
    generator = torch.Generator().manual_seed(0)
    size = (request["batchSize"], request["channels"], request["height"], request["width"])
    images = torch.randn(size, generator=generator)
    labels = (torch.rand((size[0], *size[2:]), generator=generator) > 0.8).long()
    return {"parameters": parameters, "torch": torch.__version__}


def step(_):
    began = time.perf_counter()
    optimiser.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=bool(shape.get("bfloat16"))):
        scores = network(images)
    loss = operating_point_loss(scores.float(), labels, torch.zeros(shape["classes"] - 1))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    value = loss.item()
    return {"milliseconds": (time.perf_counter() - began) * 1e3, "loss": value}


def gradients(request):
    kind = {"float64": torch.float64, "float32": torch.float32}[request["precision"]]
    copy = UNet(shape["channels"], shape["classes"], shape["baseWidth"], shape["depth"]).to(kind)
    copy.load_flat(np.fromfile(shape["weights"], np.float32).astype(request["precision"]))
    size = (-1, shape["height"], shape["width"], shape["channels"])
    batch = torch.from_numpy(np.fromfile(request["images"], np.float32).reshape(size)).to(kind).permute(0, 3, 1, 2)
    truth = torch.from_numpy(np.fromfile(request["labels"], np.uint8).reshape(size[:3]).astype(np.int64))
    loss = operating_point_loss(copy(batch), truth, torch.tensor(request["offsets"], dtype=kind))
    loss.backward()
    copy.flat_gradient().astype(np.float64).tofile(request["output"])
    return {"loss": loss.item()}


def predict(_):
    with torch.inference_mode():
        began = time.perf_counter()
        torch.softmax(network(images), 1)
        return {"milliseconds": (time.perf_counter() - began) * 1e3}


def load_onnx(request):
    global session, feed
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = request["threads"]
    session = onnxruntime.InferenceSession(request["path"], options, providers=["CPUExecutionProvider"])
    kinds = {"tensor(float)": np.float32, "tensor(uint8)": np.uint8, "tensor(int32)": np.int32}
    feed = {x.name: np.random.default_rng(0).standard_normal(x.shape).astype(kinds[x.type]) for x in session.get_inputs()}
    return {"onnxruntime": onnxruntime.__version__}


def predict_onnx(_):
    began = time.perf_counter()
    session.run(None, feed)
    return {"milliseconds": (time.perf_counter() - began) * 1e3}


def memory(_):
    return {"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


COMMANDS = {f.__name__: f for f in (load, step, gradients, predict, load_onnx, predict_onnx, memory)}

for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(COMMANDS[request["command"]](request)), flush=True)
