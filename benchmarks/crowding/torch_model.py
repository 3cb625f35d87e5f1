"""The network in PyTorch."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.crowding import rows
from benchmarks.peers import torch_eager


class ScaleNet(nn.Module):
    """The row's model; crops are (batch, scales, side, side, 1)."""

    def __init__(self, row):
        super().__init__()
        self.scales = row.scales
        body, inputs = [], 1
        for layer in range(rows.NUM_LAYERS):
            body += [nn.Conv2d(inputs, row.filters, row.kernel), nn.ReLU()]
            if layer < rows.NUM_LAYERS - 1:
                body.append(nn.MaxPool2d(rows.WINDOW, stride=1))
            inputs = row.filters
        self.body = nn.Sequential(*body)
        self.dense = nn.Linear(inputs, rows.NUM_CLASSES)

    def forward(self, crops, labels):
        """The loss of a batch."""
        side = crops.shape[2]
        x = self.body(crops.reshape(-1, 1, side, side))
        x = x.amax(dim=(2, 3)).reshape(-1, self.scales, x.shape[1]).amax(dim=1)
        return (functional.cross_entropy(self.dense(x), labels.long()),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = ScaleNet(row)
    model.num_parameters = torch_eager.count(model)
    return model
