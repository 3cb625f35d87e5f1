"""The critic in PyTorch, with its own parametrisation."""

import torch
from torch import nn
from torch.nn.utils import parametrizations

from benchmarks.peers import torch_eager
from benchmarks.spectral_normalization import rows


class Critic(nn.Module):
    """The row's model; images are (batch, 32, 32, 3)."""

    def __init__(self, row):
        super().__init__()
        stack = []
        for size, stride, inputs, outputs, _ in row.convolutions():
            layer = nn.Conv2d(inputs, outputs, size, stride, padding=1)
            stack += [parametrizations.spectral_norm(layer), nn.LeakyReLU(rows.SLOPE)]
        last = parametrizations.spectral_norm(nn.Linear(row.features, 1))
        self.stack = nn.Sequential(*stack, nn.Flatten(), last)

    def forward(self, images, targets):
        """The loss of a batch."""
        values = self.stack(images.permute(0, 3, 1, 2))
        return ((1 - targets * values).relu().mean(),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = Critic(row)
    model.num_parameters = torch_eager.count(model)
    return model
