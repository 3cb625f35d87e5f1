"""The convolutional network of the lesson, with and without batch normalisation."""

import keras
import numpy as np
from keras import layers, ops

from lessons.foundations.convnet_baseline import networks, theory
from lessons.foundations.convnet_baseline.layers import FeatureNormalization, UnitNorms
from lessons.foundations.convnet_baseline.networks import Architecture
from lessons.toolkit import augmentation, runtime
from lessons.toolkit import labels as class_labels
from lessons.toolkit.data import check_images
from lessons.toolkit.errors import UserError
from lessons.toolkit.labels import Labelled

NORM_MOMENTUM = 0.9  # Keras's 0.99 takes hundreds of steps to forget the start


@keras.saving.register_keras_serializable("lessons")
class ConvNet(Labelled, keras.Model):
    """Tells two classes of images apart.

    Images are mirrored by chance (if asked for, at training alone), normalised by
    feature, then: convolutions, each with batch normalisation if there is any, a
    maximum over 2x2 and ReLU (the maximum first gives the same numbers and a quarter of
    the work); dense layers with ReLU and dropout; the last layer.

    Args:
        image_shape: (side, side, channels); images are in [0, 1], channels last.
        architecture: an `Architecture`, or its fields as a dictionary; by default
            J. Chung's.
        dropout: rate after each dense layer but the last, in [0, 1).
        scale: first weights are uniform in ±scale; None for Glorot's start.
        flip: whether half of the training images are mirrored.
        max_norm: greatest norm of a unit's weights; None for no bound.
        seed: of the first weights, dropout and mirroring.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: the images are too small, or a number cannot be.
    """

    def __init__(
        self,
        image_shape,
        architecture=None,
        *,
        dropout=0.0,
        scale=None,
        flip=False,
        max_norm=None,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        architecture = architecture or Architecture()
        if isinstance(architecture, dict):
            fields = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in architecture.items()
            }
            architecture = Architecture(**fields)
        _check(dropout, scale, max_norm)
        self.image_shape, self.architecture = tuple(image_shape), architecture
        self.arguments = {
            "image_shape": self.image_shape,
            "dropout": dropout,
            "scale": scale,
            "flip": flip,
            "max_norm": max_norm,
            "seed": seed,
        }
        networks.stages(architecture, self.image_shape)
        self.flip = augmentation.mirrored(seed)
        self.normalization = FeatureNormalization()
        self.stack = list(self._made())
        self.build((None, *self.image_shape))

    def _made(self):
        """The layers after the normalisation of features, in their order."""
        of, rate = self.architecture, self.arguments["dropout"]
        bias = of.has_biases
        for place, (units, kernel, stride) in enumerate(
            zip(of.channels, of.kernels, of.strides, strict=True)
        ):
            yield layers.Conv2D(
                units,
                kernel,
                stride,
                use_bias=bias,
                data_format="channels_last",
                **self._weights(place),
            )
            if of.batch_norm:
                yield _normalization()
            yield layers.MaxPooling2D(networks.POOL, data_format="channels_last")
            yield layers.ReLU()
        yield layers.Flatten(data_format="channels_last")
        for place, units in enumerate(of.dense, len(of.channels)):
            yield layers.Dense(units, use_bias=bias, **self._weights(place))
            if of.batch_norm:
                yield _normalization()
            yield layers.ReLU()
            if rate:
                seed = self._seed(place + 500)
                yield layers.Dropout(rate, seed=seed)
        last = len(of.channels) + len(of.dense)
        yield layers.Dense(of.outputs, **self._weights(last))

    def _seed(self, place):
        return (1000 * self.arguments["seed"] + place) % 2**31

    def _weights(self, place):
        """First weights and their bound, as arguments of a layer."""
        scale, bound = self.arguments["scale"], self.arguments["max_norm"]
        seed = self._seed(place)
        if scale is None:
            start = keras.initializers.GlorotUniform(seed)
        else:
            start = keras.initializers.RandomUniform(-scale, scale, seed)
        return {
            "kernel_initializer": start,
            "kernel_constraint": None if bound is None else UnitNorms(bound),
        }

    @property
    def products(self):
        """The layers with kernels, first to last."""
        return [x for x in self.stack if isinstance(x, (layers.Conv2D, layers.Dense))]

    def adapt(self, images):
        """Take the statistics of the training images, shape (n, *image_shape)."""
        images = check_images(images, shape=self.image_shape)
        self.normalization.adapt(images)

    def build(self, input_shape):
        """The weights of all layers."""
        self.normalization.build(input_shape)
        for layer in self.stack:
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)

    def call(self, images, training=False):
        """Logits, shape (batch, outputs)."""
        return self.activations(images, training)[-1]

    def activations(self, images, training=False):
        """Outputs of every layer with a kernel, before anything else is done to them.

        The last are the logits.

        Args:
            images: shape (batch, *image_shape), in [0, 1].
            training: whether to mirror, drop units and normalise by the batch.
        """
        if self.arguments["flip"]:
            images = self.flip(images, training=training)
        values, found = self.normalization(images), []
        products = set(map(id, self.products))
        for layer in self.stack:
            if isinstance(layer, (layers.BatchNormalization, layers.Dropout)):
                values = layer(values, training=training)
            else:
                values = layer(values)
            if id(layer) in products:
                found.append(values)
        return found

    def check_labels(self, y):
        """Raise `UserError` unless labels are 0 or 1."""
        class_labels.check(y, 2)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean loss of an example, in nats."""
        logits = ops.cast(y_pred, "float32")
        labels = ops.reshape(y, (-1,))
        if self.architecture.outputs == 1:
            losses = theory.binary_cross_entropy(logits[:, 0], labels)
        else:
            losses = theory.softmax_cross_entropy(logits, labels)
        losses = class_labels.existing(losses, labels, 2)
        return runtime.batch_loss(losses, sample_weight)

    def accuracy_metric(self):
        """Keras's accuracy for these logits: a sigmoid's are right above 0, not 0.5."""
        if self.architecture.outputs == 1:
            return keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)
        return keras.metrics.SparseCategoricalAccuracy(name="accuracy")

    def get_config(self):
        """The arguments, for saving."""
        architecture = dict(vars(self.architecture))
        arguments = {"architecture": architecture, **self.arguments}
        return {**super().get_config(), **arguments}


def baseline(
    image_shape, channels=(64, 64, 64), dense=(512, 512), dropout=0.5, **options
):
    """J. Chung's network: kernels of 5, 5 and 4, dropout, uniform start.

    Args:
        image_shape: (side, side, channels).
        channels: maps of the three convolutions.
        dense: units of the dense layers.
        dropout: rate.
        **options: for `ConvNet`.
    """
    options.setdefault("scale", 0.08)
    architecture = Architecture(channels=tuple(channels), dense=tuple(dense))
    return ConvNet(image_shape, architecture, dropout=dropout, **options)


def normalized(image_shape, channels=(32, 64, 128), dense=(128, 16), **options):
    """K. Kastner's network with batch normalisation, biases before it left out.

    Args:
        image_shape: (side, side, channels).
        channels: maps of the three convolutions.
        dense: units of the dense layers.
        **options: for `ConvNet`.
    """
    options.setdefault("scale", 0.1)
    architecture = Architecture(
        channels=tuple(channels),
        kernels=(3, 2, 2),
        strides=(2, 1, 1),
        dense=tuple(dense),
        outputs=2,
        batch_norm=True,
    )
    return ConvNet(image_shape, architecture, **options)


def _normalization():
    return layers.BatchNormalization(
        axis=-1, momentum=NORM_MOMENTUM, epsilon=theory.EPSILON
    )


def _check(dropout, scale, max_norm):
    if not 0 <= dropout < 1:
        raise UserError(f"dropout must be in [0, 1), got {dropout!r}.")
    for name, value in (("scale", scale), ("max_norm", max_norm)):
        if value is not None and not (value > 0 and np.isfinite(value)):
            raise UserError(f"{name} must be above 0 or None, got {value!r}.")
