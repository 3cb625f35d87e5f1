"""M2 in JAX; images and labels are multiplied apart, as in the lesson."""

import jax
import numpy as np
from jax import numpy as jnp

from benchmarks.peers import jax_step
from benchmarks.semi_supervised_vae import rows


class JaxM2:
    """The row's model as a dictionary of arrays and a pure function of it."""

    def __init__(self):
        generator = np.random.default_rng(0)
        pixels, hidden, k = rows.NUM_PIXELS, rows.HIDDEN, rows.NUM_CLASSES
        sizes = {
            "classify": (pixels, hidden),
            "logits": (hidden, k),
            "encode_x": (pixels, hidden),
            "encode_y": (k, hidden),
            "codes": (hidden, 2 * rows.LATENT_DIM),
            "decode_z": (rows.LATENT_DIM, hidden),
            "decode_y": (k, hidden),
            "pixels": (hidden, pixels),
        }
        self.parameters, self.statistics = {}, {}
        for name, (inputs, outputs) in sizes.items():
            kernel = generator.normal(0, inputs**-0.5, (inputs, outputs))
            self.parameters[name] = {"kernel": jnp.asarray(kernel, jnp.float32)}
            if not name.endswith("_y"):
                self.parameters[name]["bias"] = jnp.zeros(outputs)
        self.num_parameters = jax_step.count(self)

    def loss(self, parameters, key, x, labels):
        """(loss, (no statistics, (cost, cross-entropy))) of a batch."""

        def affine(name, values):
            own = parameters[name]
            return values @ own["kernel"] + own.get("bias", 0.0)

        soft, k = jax.nn.softplus, rows.NUM_CLASSES
        log_probs = jax.nn.log_softmax(affine("logits", soft(affine("classify", x))))
        every = jnp.eye(k)
        hidden = soft(affine("encode_x", x)[:, None] + affine("encode_y", every))
        mean, raw = jnp.split(affine("codes", hidden), 2, axis=-1)
        scale = soft(raw) + rows.SMALLEST_SCALE
        z = mean + scale * jax.random.normal(key, mean.shape)
        hidden = soft(affine("decode_z", z) + affine("decode_y", every))
        logits = affine("pixels", hidden)
        fit = (x[:, None] * logits - soft(logits)).sum(-1)
        terms = jnp.square(scale) + jnp.square(mean) - 1 - 2 * jnp.log(scale)
        bounds = 0.5 * terms.sum(-1) - fit + jnp.log(k)
        unknown = (jnp.exp(log_probs) * (bounds + log_probs)).sum(1)
        one_hot = jax.nn.one_hot(labels, k)  # of -1: zeros
        costs = jnp.where(labels >= 0, (one_hot * bounds).sum(1), unknown)
        entropy = -(one_hot * log_probs).sum(1)
        loss = (costs + rows.LABEL_WEIGHT * entropy).mean()
        return loss, ({}, (costs.mean(), entropy.mean()))


def build(row):
    """The row's model."""
    return JaxM2()
