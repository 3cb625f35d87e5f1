"""Capsules in PyTorch: votes and routing as batched matrix products."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.capsules import rows
from benchmarks.peers import torch_eager


def squash(x):
    """Shorten vectors to lengths below one."""
    square = x.square().sum(-1, keepdim=True)
    return square / (1 + square) * x * torch.rsqrt(square + rows.EPSILON)


class CapsNet(nn.Module):
    """The row's model; images are (batch, 28, 28, 1)."""

    def __init__(self, row):
        super().__init__()
        self.row = row
        if row.filters:
            channels = row.types * rows.CAPSULE_DIM
            self.first = nn.Conv2d(1, row.filters, rows.KERNEL_SIZE)
            self.primary = nn.Conv2d(row.filters, channels, rows.KERNEL_SIZE, stride=2)
        width = rows.NUM_CLASSES * rows.CLASS_DIM
        kernel = 0.05 * torch.randn(row.num_capsules, rows.CAPSULE_DIM, width)
        self.kernel = nn.Parameter(kernel)

    def capsules(self, images):
        """Primary capsules of images."""
        x = functional.relu(self.first(images.permute(0, 3, 1, 2)))
        x = self.primary(x).permute(0, 2, 3, 1)
        return squash(x.reshape(len(x), -1, rows.CAPSULE_DIM))

    def route(self, u):
        """Class capsules, shape (batch, classes, 16)."""
        votes = torch.bmm(u.transpose(0, 1), self.kernel)
        votes = votes.view(*votes.shape[:2], rows.NUM_CLASSES, rows.CLASS_DIM)
        votes = votes.permute(1, 2, 0, 3)  # batch, classes, capsules, 16
        logits = torch.zeros(votes.shape[:3])
        for iteration in range(rows.NUM_ITERATIONS):
            couplings = logits.softmax(1)
            v = squash((couplings[:, :, None] @ votes)[:, :, 0])
            if iteration < rows.NUM_ITERATIONS - 1:
                logits = logits + (votes @ v[..., None])[..., 0]
        return v

    def forward(self, inputs, targets):
        """The loss of a batch."""
        u = self.capsules(inputs) if self.row.filters else inputs
        lengths = (self.route(u).square().sum(-1) + rows.EPSILON).sqrt()
        present = (rows.PRESENT - lengths).relu().square()
        absent = (lengths - rows.ABSENT).relu().square()
        terms = targets * present + rows.DOWN_WEIGHT * (1 - targets) * absent
        return (terms.sum(-1).mean(),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = CapsNet(row)
    model.num_parameters = torch_eager.count(model)
    return model
