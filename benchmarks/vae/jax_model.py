"""The autoencoders in JAX."""

import functools

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.peers import jax_step
from benchmarks.vae import rows


class JaxVAE:
    """The row's model as a dictionary of arrays and pure functions of it."""

    def __init__(self, row):
        self.row = row
        self.generator = np.random.default_rng(0)
        self.parameters, self.statistics = {}, {}
        channels, size = rows.IMAGE_SHAPE[-1], rows.IMAGE_SHAPE[0]
        for index, filters in enumerate(row.filters):
            self.add(f"encoder_{index}", (3, 3, channels, filters))
            channels, size = filters, size // 2
        self.start = (size, size, channels)
        width = int(np.prod(self.start))
        for index, units in enumerate(row.encoder_units):
            self.add(f"hidden_{index}", (width, units))
            width = units
        for name in ("mean", "scale"):
            self.add(name, (width, row.latent_dim))
        width = row.latent_dim
        if row.filters:
            self.add("start", (width, int(np.prod(self.start))))
            self.up = (*row.filters[-2::-1], rows.IMAGE_SHAPE[-1])
            for index, filters in enumerate(self.up):
                self.add(f"up_{index}", (3, 3, channels, filters))
                channels = filters
        else:
            for index, units in enumerate((*row.decoder_units, rows.NUM_PIXELS)):
                self.add(f"decoder_{index}", (width, units))
                width = units
        self.num_parameters = jax_step.count(self)

    def add(self, name, shape):
        """One affine map."""
        kernel = self.generator.uniform(-0.1, 0.1, shape).astype(np.float32)
        # Arrays of their own: a step writes over its arguments.
        zeros, ones = (functools.partial(f, shape[-1]) for f in (jnp.zeros, jnp.ones))
        self.parameters[name] = {"kernel": jnp.asarray(kernel), "bias": zeros()}
        if self.row.batch_norm:
            self.parameters[name] |= {"gamma": ones(), "beta": zeros()}
            self.statistics[name] = (zeros(), ones())

    def affine(self, parameters, seen, name, x):
        """An affine map or convolution, then normalisation; `seen` is added to."""
        own = parameters[name]
        if own["kernel"].ndim == 2:
            x = x @ own["kernel"] + own["bias"]
        else:
            layout = ("NHWC", "HWIO", "NHWC")
            x = lax.conv_general_dilated(
                x, own["kernel"], (1, 1), "SAME", dimension_numbers=layout
            )
            x = x + own["bias"]
        if not self.row.batch_norm:
            return x
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axes), x.var(axes)
        seen[name] = (mean, variance)
        factor = own["gamma"] * lax.rsqrt(variance + rows.NORM_EPSILON)
        return (x - mean) * factor + own["beta"]

    def loss(self, parameters, key, images):
        """(loss, (batch statistics, (squared error, KL))) of a batch."""
        seen = {}
        affine = functools.partial(self.affine, parameters, seen)
        x = images
        for index in range(len(self.row.filters)):
            x = jax.nn.relu(affine(f"encoder_{index}", x))
            window = (1, 2, 2, 1)
            x = lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID")
        x = x.reshape(len(images), -1)
        last = len(self.row.encoder_units) - 1
        for index in range(last + 1):
            activation = jnp.tanh if index == last else jax.nn.relu
            x = activation(affine(f"hidden_{index}", x))
        mean = affine("mean", x)
        scale = jax.nn.softplus(affine("scale", x)) + rows.SMALLEST_SCALE
        z = mean + scale * jax.random.normal(key, mean.shape)
        output = jnp.clip(self.decode(affine, z), -1, 1).reshape(images.shape)
        error = jnp.square(images - output).sum((1, 2, 3)).mean()
        terms = jnp.square(scale) + jnp.square(mean) - 1 - 2 * jnp.log(scale)
        kl = 0.5 * terms.sum(1).mean()
        return error / (2 * rows.VARIANCE) + kl, (seen, (error, kl))

    def decode(self, affine, x):
        """Codes to images, before the last activation."""
        if not self.row.filters:
            for index in range(len(self.row.decoder_units)):
                x = affine(f"decoder_{index}", x)
                x = jax.nn.relu(x) if index else x
            return affine(f"decoder_{len(self.row.decoder_units)}", x)
        x = jax.nn.relu(affine("start", x)).reshape(-1, *self.start)
        for index in range(len(self.up)):
            x = lax.pad(x, 0.0, ((0, 0, 0), (0, 1, 1), (0, 1, 1), (0, 0, 0)))
            x = affine(f"up_{index}", x)
            x = jax.nn.relu(x) if index < len(self.up) - 1 else x
        return x


def build(row):
    """The row's model."""
    return JaxVAE(row)
