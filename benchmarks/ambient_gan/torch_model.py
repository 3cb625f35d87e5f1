"""The generator in PyTorch, turned by `grid_sample`."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.ambient_gan import rows
from benchmarks.peers import torch_eager


class Generator(nn.Module):
    """The row's model; the critic's weights are no parameters."""

    def __init__(self, row):
        super().__init__()
        self.first = nn.Linear(rows.LATENT_DIM, rows.HIDDEN)
        self.second = nn.Linear(rows.HIDDEN, rows.SIDE**2)
        sizes = (rows.DETECTORS, *rows.CRITIC_UNITS, 1)
        for index, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False)):
            self.register_buffer(f"kernel_{index}", torch.randn(b, a) / a**0.5)
        self.depth = len(sizes) - 1

    def forward(self, inputs, targets):
        """The loss of a batch."""
        codes, theta = inputs[:, :-1], inputs[:, -1]
        x = self.second(self.first(codes).relu()).sigmoid()
        x = functional.pad(x.view(-1, 1, rows.SIDE, rows.SIDE), (rows.PAD,) * 4)
        c, s, zero = theta.cos(), theta.sin(), torch.zeros_like(theta)
        matrix = torch.stack([c, -s, zero, s, c, zero], dim=1).view(-1, 2, 3)
        grid = functional.affine_grid(matrix, x.shape, align_corners=False)
        x = functional.grid_sample(x, grid, align_corners=False).sum(dim=(1, 2))
        for index in range(self.depth):
            x = functional.linear(x, getattr(self, f"kernel_{index}"))
            if index < self.depth - 1:
                x = functional.leaky_relu(x, rows.SLOPE)
        return ((targets - x).mean(),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = Generator(row)
    model.num_parameters = torch_eager.count(model)
    return model
