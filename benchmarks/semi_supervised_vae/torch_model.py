"""M2 in PyTorch; images and labels are multiplied apart, as in the lesson."""

import math

import torch
from torch import nn
from torch.nn import functional

from benchmarks.peers import torch_eager
from benchmarks.semi_supervised_vae import rows


class TorchM2(nn.Module):
    """The row's model."""

    def __init__(self):
        super().__init__()
        hidden, k = rows.HIDDEN, rows.NUM_CLASSES
        self.classifier = nn.Sequential(
            nn.Linear(rows.NUM_PIXELS, hidden), nn.Softplus(), nn.Linear(hidden, k)
        )
        self.encode_x = nn.Linear(rows.NUM_PIXELS, hidden)
        self.encode_y = nn.Linear(k, hidden, bias=False)
        self.codes = nn.Linear(hidden, 2 * rows.LATENT_DIM)
        self.decode_z = nn.Linear(rows.LATENT_DIM, hidden)
        self.decode_y = nn.Linear(k, hidden, bias=False)
        self.pixels = nn.Linear(hidden, rows.NUM_PIXELS)

    def forward(self, x, labels):
        """The loss of a batch and its two parts."""
        k = rows.NUM_CLASSES
        log_probs = self.classifier(x).log_softmax(1)
        every = torch.eye(k)
        hidden = functional.softplus(self.encode_x(x)[:, None] + self.encode_y(every))
        mean, raw = self.codes(hidden).chunk(2, dim=-1)
        scale = functional.softplus(raw) + rows.SMALLEST_SCALE
        z = mean + scale * torch.randn_like(mean)
        hidden = functional.softplus(self.decode_z(z) + self.decode_y(every))
        logits = self.pixels(hidden)
        fit = (x[:, None] * logits - functional.softplus(logits)).sum(-1)
        terms = scale.square() + mean.square() - 1 - 2 * scale.log()
        bounds = 0.5 * terms.sum(-1) - fit + math.log(k)
        unknown = (log_probs.exp() * (bounds + log_probs)).sum(1)
        known = labels >= 0
        one_hot = functional.one_hot(labels.long().clamp(min=0), k) * known[:, None]
        costs = torch.where(known, (one_hot * bounds).sum(1), unknown)
        entropy = -(one_hot * log_probs).sum(1)
        loss = (costs + rows.LABEL_WEIGHT * entropy).mean()
        return loss, costs.mean().detach(), entropy.mean().detach()


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = TorchM2()
    model.num_parameters = torch_eager.count(model)
    return model
