"""A rival on a device that stays warm: answers one JSON line to each JSON line on standard input.

load          {weights, channels, classes, baseWidth, depth, height, width, batchSize, learningRate, device, fast} -> {parameters, torch}
step          one training step, batch from the host, loss back to it -> {milliseconds, loss}
load_members  {members, channels, classes, baseWidth, depth, height, width, batchSize, device, fast} -> {parameters, torch}
predict       one batch from the host through every member, mean probabilities back to it -> {milliseconds}
memory        -> {peakBytes} of the host

"fast": bfloat16 by autocast, torch.compile and channels last in memory, as PyTorch advises for its speed; otherwise eager in float32.
"""

import json
import resource
import sys
import time
from contextlib import nullcontext

import numpy as np
import torch
from torch.func import functional_call

from network import UNet, operating_point_loss

request: dict = {}
network = optimiser = images = labels = offsets = loss_of = member_of = None
members: list = []


def autocast():
    return torch.autocast(request["device"], torch.bfloat16) if request["fast"] else nullcontext()


def prepared(network):
    network = network.to(request["device"])
    return network.to(memory_format=torch.channels_last) if request["fast"] else network


def compiled(function):
    return torch.compile(function) if request["fast"] else function


def on_host(tensor):
    return tensor.pin_memory() if request["device"] == "cuda" else tensor


def on_device(tensor):
    return tensor.to(request["device"], non_blocking=True)


def synchronize():
    if request["device"] == "cuda":
        torch.cuda.synchronize()


def batch():
    generator = torch.Generator().manual_seed(0)
    size = (request["batchSize"], request["channels"], request["height"], request["width"])
    drawn = torch.randn(size, generator=generator)
    if request["fast"]:
        drawn = drawn.contiguous(memory_format=torch.channels_last)
    return on_host(drawn), on_host((torch.rand((size[0], *size[2:]), generator=generator) > 0.8).long())


def described():
    return {"parameters": sum(p.numel() for p in network.parameters()), "torch": torch.__version__}


def new_network():
    return UNet(request["channels"], request["classes"], request["baseWidth"], request["depth"])


def load(given):
    global request, network, optimiser, images, labels, offsets, loss_of
    request = given
    network = new_network()
    network.load_flat(np.fromfile(request["weights"], np.float32))
    network = prepared(network)
    fused = {"fused": True} if request["fast"] and request["device"] == "cuda" else {}
    optimiser = torch.optim.AdamW(network.parameters(), lr=request["learningRate"], **fused)
    images, labels = batch()
    offsets = torch.zeros(request["classes"] - 1, device=request["device"])

    def loss(batch_images, batch_labels):
        with autocast():
            logits = network(batch_images)
        return operating_point_loss(logits.float(), batch_labels, offsets)

    loss_of = compiled(loss)
    return described()


def step(_):
    synchronize()
    began = time.perf_counter()
    optimiser.zero_grad()
    loss = loss_of(on_device(images), on_device(labels))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    value = loss.item()
    synchronize()
    return {"milliseconds": (time.perf_counter() - began) * 1e3, "loss": value}


def load_members(given):
    """Members differ by their weights only, so one of them is compiled and given the weights of each."""
    global request, network, members, images, member_of
    request = given
    torch.manual_seed(0)
    members = [dict(prepared(new_network()).named_parameters()) for _ in range(request["members"])]
    network = prepared(new_network())
    images, _ = batch()

    def member(weights, batch_images):
        with autocast():
            logits = functional_call(network, weights, (batch_images,))
        return torch.softmax(logits.float(), 1)

    member_of = compiled(member)
    return described()


def predict(_):
    synchronize()
    began = time.perf_counter()
    with torch.inference_mode():
        given = on_device(images)
        total = sum(member_of(weights, given) for weights in members)
        (total / len(members)).cpu()
    synchronize()
    return {"milliseconds": (time.perf_counter() - began) * 1e3}


def memory(_):
    return {"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


COMMANDS = {f.__name__: f for f in (load, step, load_members, predict, memory)}

for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps(COMMANDS[message["command"]](message)), flush=True)
