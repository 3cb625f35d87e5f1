"""What M1, M2 and the clamped model share; see `LatentModel`."""

import math

import keras
from keras import ops

from lessons.autoencoders.semi_supervised_vae import theory
from lessons.autoencoders.semi_supervised_vae.model_parts import STYLES, Likelihood
from lessons.autoencoders.vae.theory import reparameterize
from lessons.toolkit import labels as class_labels
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.labels import Labelled


class LatentModel(Labelled, keras.Model):
    """What all models here share: sizes, noise, likelihood, labels, saving.

    Args:
        num_inputs: numbers in one example.
        latent_dim: size of the code.
        likelihood: see `Likelihood`.
        variance: of the likelihood "gaussian".
        style: of the hidden layers, "softplus" or "source".
        weight_penalty: $c$ adds $c/2$ times the sum of squared weights to the cost of
            every example: with $c = 1/N$ the paper's prior N(0, 1) on weights.
        weight_scale: standard deviation of the first weights; None for Glorot's.
        seed: of the noise.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: a size or number is impossible.
    """

    def __init__(
        self,
        num_inputs,
        latent_dim,
        *,
        likelihood="gaussian",
        variance=0.05,
        style="softplus",
        weight_penalty=0.0,
        weight_scale=None,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._arguments = {
            "num_inputs": num_inputs,
            "latent_dim": latent_dim,
            "likelihood": likelihood,
            "variance": variance,
            "style": style,
            "weight_penalty": weight_penalty,
            "weight_scale": weight_scale,
            "seed": seed,
        }
        _check(num_inputs, latent_dim, variance, style, weight_penalty)
        self.num_inputs = num_inputs
        self.num_classes = None  # where no label is asked for
        self.latent_dim = latent_dim
        self.style = style
        self.weight_penalty = weight_penalty
        self.likelihood = Likelihood(likelihood, num_inputs, variance)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.bound_metric = keras.metrics.Mean("bound")

    def build(self, input_shape):
        """Nothing is left to make: all networks have their weights."""

    def recognition_heads(self):
        """The heads that give mean and standard deviation of the code."""
        return {
            "mean": (self.latent_dim, "linear"),
            "scale": (self.latent_dim, "positive"),
        }

    def draw(self, mean, scale):
        """One code from each posterior, each with noise of its own."""
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return reparameterize(mean, scale, noise)

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes, or missing (-1)."""
        if self.num_classes is not None:
            class_labels.check(y, self.num_classes, missing=theory.MISSING)

    def update_metrics(self, bound, entropy, labels, sample_weight):
        """Add a batch to `bound`, and its labelled examples to `cross_entropy`.

        Args:
            bound, entropy: of the examples, shape (batch,).
            labels: shape (batch,); -1 where missing.
            sample_weight: factors, shape (batch,) or (batch, 1), or None.
        """
        known = theory.is_known(labels)
        if sample_weight is not None:
            known = known * ops.cast(ops.reshape(sample_weight, (-1,)), known.dtype)
        self.bound_metric.update_state(bound, sample_weight)
        self.entropy_metric.update_state(entropy, known)

    def existing(self, costs, labels):
        """Costs, NaN where a label is neither a class nor missing, shape (batch,)."""
        return class_labels.existing(costs, labels, self.num_classes, theory.MISSING)

    def batch_loss(self, costs, sample_weight):
        """Mean cost of a batch, plus the penalty on weights."""
        if self.weight_penalty:
            squares = [ops.sum(ops.square(w)) for w in self.trainable_weights]
            costs = costs + 0.5 * self.weight_penalty * sum(squares)
        return runtime.batch_loss(costs, sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self._arguments}


def _check(num_inputs, latent_dim, variance, style, weight_penalty):
    for name, size in (("num_inputs", num_inputs), ("latent_dim", latent_dim)):
        if not isinstance(size, int) or size < 1:
            raise UserError(f"{name} must be an int of at least 1, got {size!r}.")
    if not (variance > 0 and math.isfinite(variance)):
        raise UserError(f"variance must be positive and finite, got {variance!r}.")
    if not weight_penalty >= 0:
        raise UserError(f"weight_penalty must be at least 0, got {weight_penalty!r}.")
    if style not in STYLES:
        raise unknown("style", style, STYLES)


def check_classes(num_classes, label_weight):
    """Raise `UserError` unless there are two classes and a weight of at least 0."""
    if not isinstance(num_classes, int) or num_classes < 2:
        raise UserError(f"num_classes must be at least 2, got {num_classes!r}.")
    if not (label_weight >= 0 and math.isfinite(label_weight)):
        raise UserError(f"label_weight must be at least 0, got {label_weight!r}.")
