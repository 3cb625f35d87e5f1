"""PyTorch with the model compiled."""

import torch

from benchmarks.peers import torch_eager


def train(model, data, turn, batch_size):
    """As `torch_eager.train`."""
    torch_eager.train(torch.compile(model), data, turn, batch_size)
