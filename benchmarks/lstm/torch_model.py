"""PyTorch's LSTM, whose loop is one fused operation."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.peers import torch_eager


class CharacterModel(nn.Module):
    """The row's model."""

    def __init__(self, row):
        super().__init__()
        self.embedding = nn.Embedding(row.vocabulary, row.vocabulary)
        widths = (row.vocabulary, *row.units)
        pairs = zip(widths, row.units, strict=False)
        layers = [nn.LSTM(*pair, batch_first=True) for pair in pairs]
        self.layers = nn.ModuleList(layers)
        self.logits = nn.Linear(row.units[-1], row.vocabulary)

    def forward(self, text, following):
        """The loss of a batch."""
        x = self.embedding(text)
        for layer in self.layers:
            x, _ = layer(x)
        logits = self.logits(x).flatten(0, 1)
        return (functional.cross_entropy(logits, following.flatten().long()),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = CharacterModel(row)
    # PyTorch has two offsets per gate: they count once.
    second = sum(4 * units for units in row.units)
    model.num_parameters = torch_eager.count(model) - second
    return model
