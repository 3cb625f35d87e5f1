"""The same network in PyTorch: `Conv1d`, `repeat_interleave`, `avg_pool1d`."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.peers import torch_eager
from benchmarks.wavenet_autoencoder.rows import NUM_CLASSES, TAPS


class Autoencoder(nn.Module):
    """The row's model."""

    def __init__(self, row):
        super().__init__()
        self.row = row
        e, r, s = row.encoder_width, row.width, row.skip

        def many(inputs, outputs, size=1, rates=row.rates):
            rates = rates if size > 1 else [1] * len(row.rates)
            each = [nn.Conv1d(inputs, outputs, size, dilation=d) for d in rates]
            return nn.ModuleList(each)

        self.first = nn.Conv1d(1, e, TAPS)
        self.encoder, self.mixes = many(e, e, TAPS), many(e, e)
        self.code = nn.Conv1d(e, row.code, 1)
        self.start, self.skip_start = nn.Conv1d(1, r, TAPS), nn.Conv1d(r, s, 1)
        self.gates, self.skips = many(r, 2 * r, TAPS), many(r, s)
        self.residuals = nn.ModuleList(
            nn.Conv1d(r, r, 1) for _ in range(row.layers - 1)
        )
        self.told = many(row.code, 2 * r)
        self.told_end = nn.Conv1d(row.code, s, 1)
        self.hidden = nn.Conv1d(s, s, 1)
        self.logits = nn.Conv1d(s, NUM_CLASSES, 1)

    def forward(self, notes):
        """The loss of a batch."""
        hop, classes = self.row.hop, notes[:, 1:].long()
        x = (classes[:, None].float() - 128) / 128
        e = self.first(functional.pad(x, (1, 1)))
        for rate, conv, mix in zip(
            self.row.rates, self.encoder, self.mixes, strict=True
        ):
            u = conv(functional.pad(functional.relu(e), (rate, rate)))
            e = e + mix(functional.relu(u))
        z = functional.avg_pool1d(self.code(e), hop)
        h = self.start(functional.pad(x, (TAPS, 0))[..., :-1])
        s = self.skip_start(h)
        for i, rate in enumerate(self.row.rates):
            a = self.gates[i](functional.pad(h, ((TAPS - 1) * rate, 0)))
            a = a + self.told[i](z).repeat_interleave(hop, dim=2)
            gate, filtered = a.chunk(2, dim=1)
            g = torch.sigmoid(gate) * torch.tanh(filtered)
            s = s + self.skips[i](g)
            if i < self.row.layers - 1:
                h = h + self.residuals[i](g)
        s = self.hidden(functional.relu(s))
        s = s + self.told_end(z).repeat_interleave(hop, dim=2)
        return (functional.cross_entropy(self.logits(functional.relu(s)), classes),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = Autoencoder(row)
    model.num_parameters = torch_eager.count(model)
    return model
