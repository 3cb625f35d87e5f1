"""WAE-MMD in PyTorch."""

import torch
from torch import nn

from benchmarks.peers import torch_eager
from benchmarks.wasserstein_autoencoder import rows


class TorchWAE(nn.Module):
    """The row's model; images are (batch, 28, 28, 1)."""

    def __init__(self, row):
        super().__init__()
        self.constants = row.constants()
        self.latent_dim = row.latent_dim
        maps = []
        for inputs, outputs, normalised in row.affine_maps():
            maps.append(nn.Linear(inputs, outputs))
            if normalised:
                momentum = 1 - rows.NORM_MOMENTUM
                maps.append(nn.BatchNorm1d(outputs, rows.NORM_EPSILON, momentum))
                maps.append(nn.ReLU())
        middle = 3 * len(row.units) + 1
        self.encoder = nn.Sequential(nn.Flatten(), *maps[:middle])
        self.decoder = nn.Sequential(*maps[middle:], nn.Sigmoid())

    def kernel(self, x, y):
        """Sum of the kernels of all pairs."""
        lengths = x.square().sum(1)[:, None] + y.square().sum(1)
        squared = (lengths - 2 * x @ y.T).clamp_min(0)
        return sum(c / (c + squared) for c in self.constants)

    def forward(self, images):
        """The loss of a batch and its two parts."""
        codes = self.encoder(images)
        output = self.decoder(codes)
        cost = (images.flatten(1) - output).square().sum(1).mean()
        prior = torch.randn_like(codes)
        pairs = len(codes) * (len(codes) - 1)
        penalty = -2 * self.kernel(prior, codes).mean()
        for points in (prior, codes):
            table = self.kernel(points, points)
            penalty = penalty + (table.sum() - table.diagonal().sum()) / pairs
        loss = cost + rows.PENALTY_WEIGHT * penalty
        return loss, cost.detach(), penalty.detach()


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = TorchWAE(row)
    model.num_parameters = torch_eager.count(model)
    return model
