"""The chain in JAX."""

import jax
import numpy as np
from jax import numpy as jnp

from benchmarks.hierarchical_vae import rows
from benchmarks.peers import jax_step


def positive(raw):
    """A standard deviation: 1 at 0, with a floor."""
    return rows.SMALLEST_SCALE + (1 - rows.SMALLEST_SCALE) * jax.nn.softplus(
        raw + rows.UNIT_SHIFT
    )


def affine(parameters, x):
    """An affine map."""
    kernel, bias = parameters
    return x @ kernel + bias


def head(parameters, x):
    """Mean and standard deviation."""
    mean, raw = jnp.split(affine(parameters, x), 2, axis=1)
    return mean, positive(raw)


class JaxChain:
    """The row's model as arrays and pure functions of them."""

    def __init__(self, row):
        self.plane, self.statistics = jnp.asarray(rows.visible()), {}
        generator = np.random.default_rng(0)
        hidden, widths = row.hidden, row.prior_inputs()

        def linear(inputs, units):
            spread = (2 / inputs) ** 0.5
            kernel = spread * generator.standard_normal((inputs, units))
            return jnp.asarray(kernel.astype(np.float32)), jnp.zeros(units)

        def zeros(size):
            return jnp.zeros((hidden, 2 * size)), jnp.zeros(2 * size)

        inputs = [2 * self.plane.size] + [hidden] * (len(row.latents) - 1)
        pairs = zip(widths[1:], row.latents, strict=True)
        self.parameters = {
            "body": [linear(width, hidden) for width in inputs],
            "heads": [zeros(size) for size in row.latents],
            "priors": [(linear(width, hidden), zeros(size)) for width, size in pairs],
            "decoder": (linear(widths[0], hidden), linear(hidden, rows.NUM_PIXELS)),
            "pixels": jnp.full(rows.NUM_PIXELS, rows.first_pixel_raw(), jnp.float32),
        }
        self.num_parameters = jax_step.count(self)

    def loss(self, parameters, key, images):
        """(loss, ({}, (log-likelihood, divergences))) of a batch."""
        full = jnp.concatenate([images, jnp.ones_like(images)], axis=-1)
        x = jnp.concatenate([full, full * self.plane])
        x, posteriors, context = x.reshape(len(x), -1), [], []
        for layer, own in zip(parameters["body"], parameters["heads"], strict=True):
            x = jax.nn.relu(affine(layer, x))
            seen, border = jnp.split(x, 2)
            posteriors.append(head(own, seen))
            context.append(border)
        keys = jax.random.split(key, len(posteriors))
        kls, above = [], []
        for layer in reversed(range(len(posteriors))):
            seen = [context[-1]] if not above else [*above, context[layer], context[-1]]
            first, last = parameters["priors"][layer]
            hidden = jax.nn.relu(affine(first, jnp.concatenate(seen, axis=1)))
            m, t = head(last, hidden)
            mean, scale = posteriors[layer]
            ratio, shift = jnp.square(scale / t), jnp.square((mean - m) / t)
            kls.append(0.5 * (ratio + shift - 1 - jnp.log(ratio)).sum(1).mean())
            above = [mean + scale * jax.random.normal(keys[layer], mean.shape)]
        first, last = parameters["decoder"]
        z = jnp.concatenate([*above, context[0], context[-1]], axis=1)
        output = affine(last, jax.nn.relu(affine(first, z)))
        hidden = images[:, 7:21, 7:21].reshape(len(images), -1)
        scale = positive(parameters["pixels"])
        terms = jnp.square((hidden - output) / scale) + 2 * jnp.log(scale)
        log_px = -0.5 * (terms + 1.8378770664).sum(1).mean()
        return sum(kls) - log_px, ({}, (log_px, *kls[::-1]))


def build(row):
    """The row's model."""
    return JaxChain(row)
