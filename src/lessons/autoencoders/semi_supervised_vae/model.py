r"""M1, a variational autoencoder of everything, and M2, one that knows of labels.

Examples are flat: $x$ has shape (batch, inputs). M2 is trained with
`fit(x, labels)`, where a label of -1 is missing. What Keras calls the model's output is
what the recognition part says of $x$; the loss draws codes and decodes them.
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
    Tower,
    decoder_layers,
    encoder_layers,
)
from lessons.autoencoders.vae.theory import gaussian_kl
from lessons.toolkit import labels as class_labels


@keras.saving.register_keras_serializable("lessons")
class M1(LatentModel):
    """A variational autoencoder whose code serves as features (section 2.1).

    Args:
        num_inputs, latent_dim: as for `LatentModel`.
        encoder_units, decoder_units: widths of the hidden layers, at least one each.
        **kwargs: for `LatentModel`.
    """

    def __init__(self, num_inputs, latent_dim, encoder_units, decoder_units, **kwargs):
        super().__init__(num_inputs, latent_dim, **kwargs)
        self._arguments["encoder_units"] = tuple(encoder_units)
        self._arguments["decoder_units"] = tuple(decoder_units)
        scale = self._arguments["weight_scale"]
        self.encoder = Tower(
            (num_inputs,),
            encoder_layers(encoder_units, self.style),
            self.recognition_heads(),
            weight_scale=scale,
        )
        self.decoder = Tower(
            (latent_dim,),
            decoder_layers(decoder_units, self.style),
            self.likelihood.heads,
            weight_scale=scale,
        )
        self.build((None, num_inputs))

    def call(self, x, training=False):
        """Mean and standard deviation of q(z|x), each (batch, latent)."""
        return self.encoder(x, training=training)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean of the negative ELBO over the batch."""
        mean, scale = y_pred
        outputs = self.decoder(self.draw(mean, scale), training=training)
        fit = self.likelihood.log_prob(ops.cast(x, "float32"), outputs)
        costs = gaussian_kl(mean, scale) - fit
        self.bound_metric.update_state(costs, sample_weight)
        return self.batch_loss(costs, sample_weight)

    def decode(self, codes):
        """The expected x for codes, (batch, inputs)."""
        return self.likelihood.mean(self.decoder(codes))


class M2Output(NamedTuple):
    """What M2 says of its inputs."""

    features: object  # (batch, inputs), what it models: x itself, or a code of x
    logits: object  # (batch, classes), of q(y|x)


@keras.saving.register_keras_serializable("lessons")
class M2(LatentModel):
    """The generative model with labels (section 2.2): p(y) p(z) p(x|y, z).

    Args:
        num_inputs, latent_dim: as for `LatentModel`.
        num_classes: K; the prior of classes is uniform.
        classifier_units, encoder_units, decoder_units: widths of the hidden layers of
            q(y|x), q(z|x, y) and p(x|y, z), at least one each.
        label_weight: see `theory.label_weight`.
        first: an `M1` whose codes are modelled, see `StackedM2`; it is copied and the
            copy frozen.
        **kwargs: for `LatentModel`.
    """

    def __init__(
        self,
        num_inputs,
        latent_dim,
        num_classes,
        classifier_units,
        encoder_units,
        decoder_units,
        label_weight=1.0,
        first=None,
        **kwargs,
    ):
        super().__init__(num_inputs, latent_dim, **kwargs)
        check_classes(num_classes, label_weight)
        self._arguments |= {
            "num_classes": num_classes,
            "classifier_units": tuple(classifier_units),
            "encoder_units": tuple(encoder_units),
            "decoder_units": tuple(decoder_units),
            "label_weight": label_weight,
        }
        self.num_classes = num_classes
        self.label_weight = label_weight
        scale = self._arguments["weight_scale"]
        self.classifier = Tower(
            (num_inputs,),
            encoder_layers(classifier_units, self.style),
            {"logits": (num_classes, "linear")},
            weight_scale=scale,
        )
        self.encoder = Tower(
            (num_inputs, num_classes),
            encoder_layers(encoder_units, self.style),
            self.recognition_heads(),
            weight_scale=scale,
        )
        self.decoder = Tower(
            (latent_dim, num_classes),
            decoder_layers(decoder_units, self.style),
            self.likelihood.heads,
            weight_scale=scale,
        )
        self.entropy_metric = keras.metrics.Mean("cross_entropy")
        self.first = None if first is None else _frozen(first)
        self.build((None, num_inputs if first is None else first.num_inputs))

    def features(self, x, training=False):
        """What is modelled: x itself."""
        return ops.cast(x, "float32")

    def call(self, x, training=False):
        """An `M2Output`."""
        features = self.features(x, training)
        return M2Output(features, self.classifier(features, training=training))

    def bounds(self, features, training=False):
        """One estimate of L(x, y) for every label, shape (batch, classes)."""
        labels = ops.eye(self.num_classes)  # one row for each label
        x = ops.expand_dims(features, 1)  # (batch, 1, inputs)
        mean, scale = self.encoder(x, labels, training=training)  # (batch, K, latent)
        outputs = self.decoder(self.draw(mean, scale), labels, training=training)
        fit = self.likelihood.log_prob(x, outputs)  # (batch, K)
        log_prior = -math.log(self.num_classes)
        return theory.labelled_bound(fit, gaussian_kl(mean, scale), log_prior)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean of `theory.m2_cost` over the batch."""
        y = theory.flat_labels(y)
        bounds = self.bounds(y_pred.features, training)
        costs = theory.m2_cost(bounds, y, y_pred.logits, self.label_weight)
        entropy = theory.label_cross_entropy(y, y_pred.logits)
        bound = costs - self.label_weight * entropy
        self.update_metrics(bound, entropy, y, sample_weight)
        return self.batch_loss(self.existing(costs, y), sample_weight)

    def posterior(self, features):
        """Mean and scale of q(z|x, y) for every label, each (batch, K, latent)."""
        return self.encoder(ops.expand_dims(features, 1), ops.eye(self.num_classes))

    def log_likelihood(self, features, codes):
        """Log p(x|y, z) for codes (batch, K, latent), shape (batch, K)."""
        outputs = self.decoder(codes, ops.eye(self.num_classes))
        return self.likelihood.log_prob(ops.expand_dims(features, 1), outputs)

    def encode(self, x, labels):
        """Mean of q(z|x, y), (batch, latent)."""
        class_labels.check(labels, self.num_classes)
        one_hot = ops.one_hot(labels, self.num_classes)
        return self.encoder(self.features(x), one_hot)[0]

    def decode(self, codes, labels):
        """The expected x for codes and labels, (batch, inputs)."""
        class_labels.check(labels, self.num_classes)
        one_hot = ops.one_hot(labels, self.num_classes)
        return self.likelihood.mean(self.decoder(codes, one_hot))


def _frozen(model):
    copy = type(model).from_config({**model.get_config(), "trainable": True})
    copy.set_weights(model.get_weights())
    copy.trainable = False
    return copy
