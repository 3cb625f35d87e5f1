"""The autoencoders in PyTorch."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.peers import torch_eager
from benchmarks.vae import rows


class Perforated(nn.Module):
    """Twice the size: values top left in each cell of four, zeros elsewhere."""

    def forward(self, x):
        batch, channels, height, width = x.shape
        x = functional.pad(x[:, :, :, None, :, None], (0, 1, 0, 0, 0, 1))
        return x.reshape(batch, channels, 2 * height, 2 * width)


class TorchVAE(nn.Module):
    """The row's model; images are (batch, 28, 28, 1)."""

    def __init__(self, row):
        super().__init__()
        self.row = row
        body, channels, size = [], rows.IMAGE_SHAPE[-1], rows.IMAGE_SHAPE[0]
        for filters in row.filters:
            body += [*self.conv(channels, filters), nn.ReLU(), nn.MaxPool2d(2)]
            channels, size = filters, size // 2
        width = start = channels * size**2
        body.append(nn.Flatten())
        for units in row.encoder_units:
            body += [*self.dense(width, units), nn.ReLU()]
            width = units
        body[-1] = nn.Tanh()
        self.body = nn.Sequential(*body)
        self.mean = nn.Sequential(*self.dense(width, row.latent_dim))
        self.scale = nn.Sequential(*self.dense(width, row.latent_dim))
        if row.filters:
            decoder = [*self.dense(row.latent_dim, start), nn.ReLU()]
            decoder.append(nn.Unflatten(1, (channels, size, size)))
            for filters in row.filters[-2::-1]:
                decoder += [Perforated(), *self.conv(channels, filters), nn.ReLU()]
                channels = filters
            decoder += [Perforated(), *self.conv(channels, rows.IMAGE_SHAPE[-1])]
        else:
            decoder, width = [], row.latent_dim
            for index, units in enumerate(row.decoder_units):
                decoder += self.dense(width, units) + [nn.ReLU()] * (index > 0)
                width = units
            decoder += self.dense(width, rows.NUM_PIXELS)
            decoder.append(nn.Unflatten(1, (1, *rows.IMAGE_SHAPE[:2])))
        self.decoder = nn.Sequential(*decoder)

    def norm(self, kind, units):
        options = {"eps": rows.NORM_EPSILON, "momentum": 1 - rows.NORM_MOMENTUM}
        return [kind(units, **options)] if self.row.batch_norm else []

    def dense(self, inputs, units):
        return [nn.Linear(inputs, units), *self.norm(nn.BatchNorm1d, units)]

    def conv(self, inputs, filters):
        affine = nn.Conv2d(inputs, filters, 3, padding="same")
        return [affine, *self.norm(nn.BatchNorm2d, filters)]

    def forward(self, images):
        """The loss of a batch and its two parts."""
        images = images.permute(0, 3, 1, 2)
        hidden = self.body(images)
        mean = self.mean(hidden)
        scale = functional.softplus(self.scale(hidden)) + rows.SMALLEST_SCALE
        output = self.decoder(mean + scale * torch.randn_like(mean)).clamp(-1, 1)
        error = (images - output).square().sum((1, 2, 3)).mean()
        terms = scale.square() + mean.square() - 1 - 2 * scale.log()
        kl = 0.5 * terms.sum(1).mean()
        return error / (2 * rows.VARIANCE) + kl, error.detach(), kl.detach()


def build(row):
    """The row's model."""
    torch.manual_seed(0)
    model = TorchVAE(row)
    model.num_parameters = torch_eager.count(model)
    return model
