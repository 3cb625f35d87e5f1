"""The chain in PyTorch."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.hierarchical_vae import rows
from benchmarks.peers import torch_eager


def positive(raw):
    return rows.SMALLEST_SCALE + (1 - rows.SMALLEST_SCALE) * functional.softplus(
        raw + rows.UNIT_SHIFT
    )


class Head(nn.Linear):
    """Mean and standard deviation; weights start at zero."""

    def __init__(self, inputs, units):
        super().__init__(inputs, 2 * units)
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        mean, raw = super().forward(x).chunk(2, dim=1)
        return mean, positive(raw)


class TorchChain(nn.Module):
    """The row's model; images are (batch, 28, 28, 1)."""

    def __init__(self, row):
        super().__init__()
        hidden, widths = row.hidden, row.prior_inputs()
        inputs = [2 * rows.visible().size] + [hidden] * (len(row.latents) - 1)
        self.body = nn.ModuleList(nn.Linear(width, hidden) for width in inputs)
        self.heads = nn.ModuleList(Head(hidden, size) for size in row.latents)
        self.priors = nn.ModuleList(
            nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), Head(hidden, size))
            for width, size in zip(widths[1:], row.latents, strict=True)
        )
        self.decoder = nn.Sequential(
            nn.Linear(widths[0], hidden), nn.ReLU(), nn.Linear(hidden, rows.NUM_PIXELS)
        )
        raw = torch.full((rows.NUM_PIXELS,), rows.first_pixel_raw())
        self.pixel_raw = nn.Parameter(raw)
        self.register_buffer("plane", torch.from_numpy(rows.visible()))

    def forward(self, images):
        """Loss, log-likelihood and divergences, means over the batch."""
        full = torch.cat([images, torch.ones_like(images)], dim=-1)
        x = torch.cat([full, full * self.plane]).flatten(1)
        posteriors, context = [], []
        for layer, head in zip(self.body, self.heads, strict=True):
            x = layer(x).relu()
            seen, border = x.chunk(2)
            posteriors.append(head(seen))
            context.append(border)
        kls, above = [], []
        for layer in reversed(range(len(posteriors))):
            seen = [context[-1]] if not above else [*above, context[layer], context[-1]]
            m, t = self.priors[layer](torch.cat(seen, dim=1))
            mean, scale = posteriors[layer]
            ratio, shift = (scale / t).square(), ((mean - m) / t).square()
            kls.append(0.5 * (ratio + shift - 1 - ratio.log()).sum(1).mean())
            above = [mean + scale * torch.randn_like(mean)]
        output = self.decoder(torch.cat([*above, context[0], context[-1]], dim=1))
        hidden, scale = images[:, 7:21, 7:21].flatten(1), positive(self.pixel_raw)
        terms = ((hidden - output) / scale).square() + 2 * scale.log() + 1.8378770664
        log_px = -0.5 * terms.sum(1).mean()
        kls.reverse()
        return sum(kls) - log_px, log_px.detach(), *(kl.detach() for kl in kls)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = TorchChain(row)
    model.num_parameters = torch_eager.count(model)
    return model
