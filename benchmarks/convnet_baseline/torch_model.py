"""The network in PyTorch."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.convnet_baseline import rows
from benchmarks.peers import torch_eager


class ConvNet(nn.Module):
    """The row's model; images are (batch, side, side, 3)."""

    def __init__(self, row):
        super().__init__()
        body, inputs = [], rows.CHANNELS
        for units, kernel in zip(row.channels, row.kernels, strict=True):
            body += [nn.Conv2d(inputs, units, kernel), nn.MaxPool2d(2), nn.ReLU()]
            inputs = units
        body.append(nn.Flatten())
        inputs = row.flat
        for units in row.dense:
            body += [nn.Linear(inputs, units), nn.ReLU()]
            inputs = units
        self.body = nn.Sequential(*body, nn.Linear(inputs, 1))

    def forward(self, images, labels):
        """The loss of a batch."""
        logits = self.body(images.permute(0, 3, 1, 2))[:, 0]
        return (functional.binary_cross_entropy_with_logits(logits, labels),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = ConvNet(row)
    model.num_parameters = torch_eager.count(model)
    return model
