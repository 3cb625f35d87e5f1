"""The machine in PyTorch: a loop in Python over the steps."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.neural_turing_machine import rows
from benchmarks.peers import torch_eager


def address(memory, numbers, last):
    """Weighting of a head from what the controller gave."""
    width = memory.shape[-1]
    key = numbers[:, :width].tanh()
    shifts = numbers[:, width : width + rows.NUM_SHIFTS].softmax(1)
    strength, gate, sharpness = numbers[:, width + rows.NUM_SHIFTS :].split(1, 1)
    norms = (memory.square().sum(-1) + rows.EPSILON).sqrt()
    length = (key.square().sum(-1, keepdim=True) + rows.EPSILON).sqrt()
    cosine = (memory @ key[..., None])[..., 0] / (norms * length)
    content = (functional.softplus(strength) * cosine).softmax(1)
    w = torch.lerp(last, content, gate.sigmoid())
    w = sum(shifts[:, i : i + 1] * w.roll(i - 1, 1) for i in range(3))
    w = (w + rows.EPSILON).pow(1 + functional.softplus(sharpness))
    return w / w.sum(1, keepdim=True)


class Machine(nn.Module):
    """The row's model."""

    def __init__(self, row):
        super().__init__()
        self.row = row
        controller, heads, logits = (nn.Linear(*sizes) for sizes in row.products())
        self.controller, self.heads, self.logits = controller, heads, logits
        self.first_reading = nn.Parameter(0.1 * torch.randn(row.width))
        self.first_read = nn.Parameter(0.1 * torch.randn(row.slots))
        self.first_write = nn.Parameter(0.1 * torch.randn(row.slots))

    def forward(self, inputs, targets):
        """The loss of a batch."""
        batch, size = len(inputs), self.row.head_sizes[0]
        memory = torch.full((batch, self.row.slots, self.row.width), rows.FIRST_MEMORY)
        read = self.first_read.softmax(0).expand(batch, -1)
        write = self.first_write.softmax(0).expand(batch, -1)
        reading = self.first_reading.tanh().expand(batch, -1)
        outputs = []
        for x in inputs.unbind(1):
            z = self.controller(torch.cat([x, reading], 1)).tanh()
            numbers = self.heads(z)
            write = address(memory, numbers[:, size : 2 * size], write)
            erase, add = numbers[:, 2 * size :].chunk(2, 1)
            memory = memory * (1 - write[:, :, None] * erase.sigmoid()[:, None])
            memory = memory + write[:, :, None] * add.tanh()[:, None]
            read = address(memory, numbers[:, :size], read)
            reading = (read[:, None] @ memory)[:, 0]
            outputs.append(self.logits(torch.cat([z, reading], 1)))
        logits = torch.stack(outputs, 1)
        return (functional.binary_cross_entropy_with_logits(logits, targets),)


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = Machine(row)
    model.num_parameters = torch_eager.count(model)
    return model
