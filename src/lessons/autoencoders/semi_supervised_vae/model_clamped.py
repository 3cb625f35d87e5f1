r"""The label-clamped variational autoencoder, and two repairs of its cost.

One trunk with three heads, $\mu$, $s$ and a softmax $\pi$; a decoder that is shown
$[z; \tilde y]$, where $\tilde y$ is the label if there is one and $\pi$ if not. Two
views share the weights: the classifier $x \to \pi$ and the autoencoder $x \to x'$.
"""

import math
from typing import NamedTuple

import keras
from keras import ops

from lessons.autoencoders.semi_supervised_vae import theory
from lessons.autoencoders.semi_supervised_vae.model_latent import (
    LatentModel,
    check_classes,
)
from lessons.autoencoders.semi_supervised_vae.model_parts import (
    Likelihood,
    Tower,
    decoder_layers,
    encoder_layers,
)
from lessons.autoencoders.vae.theory import gaussian_kl
from lessons.toolkit import labels as class_labels
from lessons.toolkit.errors import unknown

OBJECTIVES = ("clamped", "with_class_kl", "marginal")


class ClampedOutput(NamedTuple):
    """What the trunk says of x, everything with the batch first."""

    mean: object  # (batch, latent)
    scale: object  # (batch, latent), standard deviations
    logits: object  # (batch, classes)


@keras.saving.register_keras_serializable("lessons")
class ClampedVAE(LatentModel):
    """The clamped model; labels of -1 are missing.

    Args:
        num_inputs, latent_dim: as for `LatentModel`.
        num_classes: K.
        encoder_units, decoder_units: widths of the hidden layers, at least one each.
        label_weight: of the cross-entropy of a labelled example.
        objective: "clamped", the plan's three terms; "with_class_kl" adds the KL of
            the class, `theory.missing_term`; "marginal" sums over the labels outside
            the decoder, which makes it M2 with q(z|x).
        batch_norm: whether affine maps are normalised, as in the `vae` lesson.
        **kwargs: for `LatentModel`.

    Raises:
        UserError: a size is impossible, or there is no such objective.
    """

    def __init__(
        self,
        num_inputs,
        latent_dim,
        num_classes,
        encoder_units,
        decoder_units,
        label_weight=1.0,
        objective="clamped",
        batch_norm=False,
        **kwargs,
    ):
        super().__init__(num_inputs, latent_dim, **kwargs)
        check_classes(num_classes, label_weight)
        if objective not in OBJECTIVES:
            raise unknown("objective", objective, OBJECTIVES)
        self._arguments |= {
            "num_classes": num_classes,
            "encoder_units": tuple(encoder_units),
            "decoder_units": tuple(decoder_units),
            "label_weight": label_weight,
            "objective": objective,
            "batch_norm": batch_norm,
        }
        self.num_classes = num_classes
        self.label_weight = label_weight
        self.objective = objective
        if self.style == "source":  # the `vae` lesson's network ends in a hard tanh
            kind, variance = self.likelihood.kind, self._arguments["variance"]
            self.likelihood = Likelihood(kind, num_inputs, variance, "clip")
        options = {
            "batch_norm": batch_norm,
            "weight_scale": self._arguments["weight_scale"],
        }
        self.trunk = Tower(
            (num_inputs,),
            encoder_layers(encoder_units, self.style),
            {**self.recognition_heads(), "logits": (num_classes, "linear")},
            **options,
        )
        self.decoder = Tower(
            (latent_dim, num_classes),
            decoder_layers(decoder_units, self.style),
            self.likelihood.heads,
            **options,
        )
        self.entropy_metric = keras.metrics.Mean("cross_entropy")
        self.build((None, num_inputs))

    def call(self, x, training=False):
        """A `ClampedOutput`."""
        return ClampedOutput(*self.trunk(x, training=training))

    def generative_cost(self, x, labels, output, training=False):
        """Everything but the cross-entropy of the labels, shape (batch,).

        Args:
            x: shape (batch, inputs).
            labels: shape (batch,); -1 where missing.
            output: what `call` gave for x.
            training: whether batch statistics are those of the batch.
        """
        if self.objective == "marginal":
            bounds = self._bounds(x, output, training)
            return theory.m2_cost(bounds, labels, output.logits, 0.0)
        shown = theory.clamp_labels(labels, ops.softmax(output.logits))
        z = self.draw(output.mean, output.scale)  # (batch, latent)
        outputs = self.decoder(z, shown, training=training)
        nll = -self.likelihood.log_prob(ops.cast(x, "float32"), outputs)
        kl = gaussian_kl(output.mean, output.scale)
        cost = theory.clamped_cost(nll, kl, labels, output.logits, 0.0)
        if self.objective == "with_class_kl":
            cost = cost + theory.missing_term(labels, output.logits)
        return cost

    def _bounds(self, x, output, training):
        z = ops.expand_dims(self.draw(output.mean, output.scale), 1)  # (batch, 1, d)
        labels = ops.eye(self.num_classes)
        outputs = self.decoder(z, labels, training=training)  # (batch, K, inputs)
        x = ops.expand_dims(ops.cast(x, "float32"), 1)
        fit = self.likelihood.log_prob(x, outputs)  # (batch, K)
        kl = ops.expand_dims(gaussian_kl(output.mean, output.scale), 1)
        return theory.labelled_bound(fit, kl, -math.log(self.num_classes))

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean cost over the batch; its parts are the metrics."""
        y = theory.flat_labels(y)
        cost = self.generative_cost(x, y, y_pred, training)
        entropy = theory.label_cross_entropy(y, y_pred.logits)
        self.update_metrics(cost, entropy, y, sample_weight)
        cost = self.existing(cost + self.label_weight * entropy, y)
        return self.batch_loss(cost, sample_weight)

    def views(self):
        """The two views as functional models: (classifier, autoencoder).

        The classifier gives class probabilities; the autoencoder decodes the mean code
        and those probabilities. Both share all weights with this model.
        """
        x = keras.Input((self.num_inputs,), name="x")
        mean, _, logits = self.trunk(x)
        probs = keras.layers.Softmax(dtype="float32", name="probabilities")(logits)
        image = self.likelihood.mean(self.decoder(mean, probs))
        return keras.Model(x, probs), keras.Model(x, image)

    def posterior(self, x):
        """Mean and scale of q(z|x) for all labels alike, each (batch, 1, latent)."""
        output = self(x)
        return ops.expand_dims(output.mean, 1), ops.expand_dims(output.scale, 1)

    def log_likelihood(self, x, codes):
        """Log p(x|y, z) for codes (batch, 1 or K, latent), shape (batch, K)."""
        outputs = self.decoder(codes, ops.eye(self.num_classes))
        return self.likelihood.log_prob(ops.expand_dims(x, 1), outputs)

    def encode(self, x, labels=None):
        """Mean of q(z|x), (batch, latent); the labels do not matter."""
        return self(x).mean

    def decode(self, codes, labels):
        """The expected x for codes and labels, (batch, inputs)."""
        class_labels.check(labels, self.num_classes)
        one_hot = ops.one_hot(labels, self.num_classes)
        return self.likelihood.mean(self.decoder(codes, one_hot))
