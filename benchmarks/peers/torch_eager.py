"""PyTorch: data and order stay in tensors, Adam is fused."""

import torch

from benchmarks import settings


def train(model, data, turn, batch_size):
    """Train until the turns end.

    Args:
        model: called with a batch, it gives a tuple: the loss, and values to follow.
        data: NumPy arrays.
        turn: a `worker.Turn`.
        batch_size: examples per step.
    """
    data = [torch.from_numpy(array) for array in data]
    adam = torch.optim.Adam(model.parameters(), lr=settings.LEARNING_RATE, fused=True)
    while True:
        turn.begin()
        sums = 0.0
        for index in torch.randperm(len(data[0])).split(batch_size):
            parts = model(*(tensor[index] for tensor in data))
            adam.zero_grad(set_to_none=True)
            parts[0].backward()
            adam.step()
            sums = sums + torch.stack([part.detach() for part in parts])
            turn.step_done()
        sums.tolist()
        turn.end()


def count(model):
    """Number of trained parameters."""
    return sum(parameter.numel() for parameter in model.parameters())
