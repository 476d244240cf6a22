"""The U-Net of packages/training, written the way a PyTorch user would write it."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    """Two 3x3 convolutions, each with instance norm (affine) and ReLU."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.first_norm = nn.InstanceNorm2d(outputs, affine=True)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.second_norm = nn.InstanceNorm2d(outputs, affine=True)

    def forward(self, x):
        x = F.relu(self.first_norm(self.first(x)))
        return F.relu(self.second_norm(self.second(x)))


class UNet(nn.Module):
    def __init__(self, channels: int, classes: int, base_width: int, depth: int):
        super().__init__()
        widths = [base_width * 2**level for level in range(depth)]
        self.encoder = nn.ModuleList()
        for width in widths:
            self.encoder.append(Block(channels, width))
            channels = width
        self.decoder = nn.ModuleList()
        for width in reversed(widths[:-1]):
            self.decoder.append(Block(channels + width, width))
            channels = width
        self.head = nn.Conv2d(channels, classes, 1)

    def forward(self, x):
        skips = []
        for block in self.encoder[:-1]:
            x = block(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.encoder[-1](x)
        for block, skip in zip(self.decoder, reversed(skips)):
            x = block(torch.cat([F.interpolate(x, scale_factor=2), skip], 1))
        return self.head(x)

    def ordered_parameters(self):
        """In the order of the flat weight vector: per block convolution, gain, bias; then the head."""
        for block in [*self.encoder, *self.decoder]:
            for conv, norm in ((block.first, block.first_norm), (block.second, block.second_norm)):
                yield conv.weight
                yield norm.weight
                yield norm.bias
        yield self.head.weight
        yield self.head.bias

    def load_flat(self, flat: np.ndarray) -> None:
        """Convolutions lie height, width, input, output in the flat vector."""
        offset = 0
        with torch.no_grad():
            for parameter in self.ordered_parameters():
                size = parameter.numel()
                values = torch.from_numpy(flat[offset : offset + size].copy())
                if parameter.dim() == 4:
                    outputs, inputs, height, width = parameter.shape
                    values = values.reshape(height, width, inputs, outputs).permute(3, 2, 0, 1)
                parameter.copy_(values)
                offset += size
        if offset != flat.size:
            raise ValueError(f"the flat vector has {flat.size} weights, the network {offset}")

    def flat_gradient(self) -> np.ndarray:
        parts = []
        for parameter in self.ordered_parameters():
            gradient = parameter.grad
            parts.append((gradient.permute(2, 3, 1, 0) if gradient.dim() == 4 else gradient).reshape(-1))
        return torch.cat(parts).numpy()


def operating_point_loss(logits, labels, offsets):
    """CE_w + Tversky_w (Buddenkotte et al. 2023). labels: class indices, 255 is left out. offsets: w of each foreground class."""
    known = labels != 255
    truth = F.one_hot(torch.where(known, labels, torch.zeros_like(labels)), logits.shape[1]).permute(0, 3, 1, 2).to(logits.dtype)
    truth = truth * known.unsqueeze(1)
    log_probabilities = F.log_softmax(logits, 1)
    probabilities = log_probabilities.exp() * known.unsqueeze(1)
    class_weights = torch.cat([torch.ones(1, dtype=logits.dtype, device=logits.device), torch.exp(-offsets)])
    cross_entropy = -(truth * log_probabilities * class_weights.view(1, -1, 1, 1)).sum() / known.sum().clamp(min=1)
    foreground, predicted = truth[:, 1:], probabilities[:, 1:]
    true_positive = (foreground * predicted).sum((0, 2, 3))
    false_positive = ((1 - foreground) * predicted).sum((0, 2, 3))
    false_negative = (foreground * (1 - predicted)).sum((0, 2, 3))
    share = torch.sigmoid(offsets)
    epsilon = 1e-5
    tversky = (true_positive + epsilon) / (true_positive + share * false_positive + (1 - share) * false_negative + epsilon)
    return cross_entropy + 1 - tversky.mean()
