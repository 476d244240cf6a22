"""What a person would write without Probity: one U-Net, plain PyTorch, the same images, steps and augmentation.

python quality.py < REQUEST.json   ->   one JSON line {score, byGroup, losses} on standard output

The request names files written by the bench: prepared training images and labels, prepared test images, and for each
test item its own-size mask; plus the training and augmentation settings of the campaign file. With "start" it names the
first weights and every batch as well, and PyTorch trains on just these.
"""

import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

from network import UNet, operating_point_loss


def augment(images, labels, spec, generator):
    """One affine resample (bilinear image, nearest label, zero and background outside), then intensity, item by item."""
    count = images.shape[0]

    def uniform(low, high):
        return torch.rand(count, generator=generator) * (high - low) + low

    angle = uniform(-1, 1) * math.radians(spec["rotationDegreesMax"])
    scale = torch.exp(uniform(math.log(spec["scaleMin"]), math.log(spec["scaleMax"])))
    flip_x = torch.where((uniform(0, 1) < 0.5) & torch.tensor(spec["flipHorizontal"]), -1.0, 1.0)
    flip_y = torch.where((uniform(0, 1) < 0.5) & torch.tensor(spec["flipVertical"]), -1.0, 1.0)
    shift = spec["shiftFractionMax"] * 2  # grid coordinates run from -1 to 1
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    matrix = torch.stack(
        [
            torch.stack([cos * flip_x, -sin * flip_x, uniform(-shift, shift)], 1),
            torch.stack([sin * flip_y, cos * flip_y, uniform(-shift, shift)], 1),
        ],
        1,
    )
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    images = F.grid_sample(images, grid, mode="bilinear", align_corners=False)
    labels = F.grid_sample(labels.unsqueeze(1).float(), grid, mode="nearest", align_corners=False)[:, 0].long()

    def column(values):
        return values.view(-1, 1, 1, 1)

    mean = images.mean((1, 2, 3), keepdim=True)
    images = (images - mean) * column(torch.exp(uniform(math.log(spec["contrastMin"]), math.log(spec["contrastMax"])))) + mean
    low, high = images.amin((1, 2, 3), keepdim=True), images.amax((1, 2, 3), keepdim=True)
    span = (high - low).clamp(min=1e-6)
    gamma = torch.exp(uniform(math.log(spec["gammaMin"]), math.log(spec["gammaMax"])))
    images = ((images - low) / span) ** column(gamma) * span + low
    noise = torch.randn(images.shape, generator=generator)
    return images + noise * column(uniform(0, spec["noiseStandardDeviationMax"])), labels


def learning_rate(step, training):
    warm, steps = training["warmupSteps"], training["steps"]
    if step < warm:
        return training["learningRate"] * (step + 1) / warm
    return training["learningRate"] * 0.5 * (1 + math.cos(math.pi * (step - warm) / (steps - warm)))


def read_images(path, request):
    size = (-1, request["height"], request["width"], request["channels"])
    return torch.from_numpy(np.fromfile(path, np.float32).reshape(size)).permute(0, 3, 1, 2)


def read_labels(path, request):
    return torch.from_numpy(np.fromfile(path, np.uint8).reshape(-1, request["height"], request["width"]).astype(np.int64))


def own_batches(request):
    training = request["training"]
    generator = torch.Generator().manual_seed(request["seed"])
    images, labels = read_images(request["images"], request), read_labels(request["labels"], request)
    order = torch.empty(0, dtype=torch.long)
    for _ in range(training["steps"]):
        while order.numel() < training["batchSize"]:
            order = torch.cat([order, torch.randperm(images.shape[0], generator=generator)])
        chosen, order = order[: training["batchSize"]], order[training["batchSize"] :]
        yield augment(images[chosen], labels[chosen], training["augmentation"], generator)


def given_batches(request):
    size = request["training"]["batchSize"]
    images, labels = read_images(request["start"]["images"], request), read_labels(request["start"]["labels"], request)
    return zip(images.split(size), labels.split(size))


def train(request):
    training, classes = request["training"], request["classes"]
    torch.manual_seed(request["seed"])
    torch.set_num_threads(request["threads"])
    network = UNet(request["channels"], classes, request["baseWidth"], request["depth"])
    start = request.get("start")
    if start:
        network.load_flat(np.fromfile(start["weights"], np.float32))
    settings = training["optimiser"]
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=training["learningRate"], betas=(settings["beta1"], settings["beta2"]), weight_decay=settings["weightDecay"]
    )
    losses = []
    for step, (batch, truth) in enumerate(given_batches(request) if start else own_batches(request)):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, training)
        optimiser.zero_grad()
        loss = operating_point_loss(network(batch), truth, torch.zeros(classes - 1))
        loss.backward()
        losses.append(loss.item())
        torch.nn.utils.clip_grad_norm_(network.parameters(), training["gradientNormMax"])
        optimiser.step()
        if step % 50 == 0:
            print(f"  {request['name']} seed {request['seed']}: step {step} of {training['steps']}", file=sys.stderr)
    return network, losses


def evaluate(network, request):
    """Mean over groups of the mean Dice of a group's items, at each item's own size."""
    images = read_images(request["testImages"], request)
    by_group = {}
    with torch.inference_mode():
        for image, item in zip(images, request["testItems"]):
            probability = torch.softmax(network(image[None]), 1)
            own = F.interpolate(probability, (item["height"], item["width"]), mode="bilinear", align_corners=False)
            predicted = own.argmax(1)[0].numpy()
            truth = np.fromfile(item["mask"], np.uint8).reshape(item["height"], item["width"])
            a, b = predicted == 1, truth == 1
            total = a.sum() + b.sum()
            if total > 0:  # where neither marks anything there is no Dice
                by_group.setdefault(item["group"], []).append(float(2.0 * (a & b).sum() / total))
    means = {group: float(np.mean(values)) for group, values in by_group.items()}
    return {"score": float(np.mean(list(means.values()))), "byGroup": means}


request = json.load(sys.stdin)
trained, losses = train(request)
print(json.dumps({**evaluate(trained, request), "losses": losses}))
