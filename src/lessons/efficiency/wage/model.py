"""The networks of the lesson: one class, from all integers to all real numbers."""

import keras
from keras import layers, ops

from lessons.efficiency.wage import networks, theory
from lessons.efficiency.wage.layers import (
    Gate,
    QuantConv2D,
    QuantDense,
    mean_with_errors_of_sum,
    quantized,
)
from lessons.toolkit import augmentation, runtime
from lessons.toolkit import labels as class_labels
from lessons.toolkit.errors import unknown
from lessons.toolkit.labels import Labelled

LOSSES = {"squared": theory.squared_error, "softmax": theory.cross_entropy}


@keras.saving.register_keras_serializable("lessons")
class IntegerClassifier(Labelled, keras.Model):
    """A classifier of images whose four kinds of numbers have so many bits.

    Each layer is: product with the weights, divided by alpha; batch normalisation if
    asked for; maximum over places; ReLU; `Gate`. The last one has a gate for errors
    only.

    Args:
        image_shape: (height, width, channels); images are in [0, 1].
        num_classes: classes.
        network: an architecture, see `networks`.
        bits: of weights, activations, gradients and errors; None for real numbers. The
            third is the optimizer's affair; here it says on which grid weights start.
        recipe: start and factor of "paper" or "code".
        beta: of the start.
        gamma: of the errors' window.
        batch_norm: whether to normalise before each ReLU.
        loss: a key of `LOSSES`.
        only_last: whether all layers but the last stay as they are.
        augment: whether to move and mirror training images (CIFAR-10, section 4).
        seed: of the first weights.
        **kwargs: for `keras.Model`.
    """

    def __init__(
        self,
        image_shape,
        num_classes,
        network,
        bits=(2, 8, 8, 8),
        *,
        recipe="paper",
        beta=theory.BETA,
        gamma=1.0,
        batch_norm=False,
        loss="squared",
        only_last=False,
        augment=False,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if loss not in LOSSES:
            raise unknown("loss", loss, LOSSES)
        self.arguments = {
            "image_shape": tuple(image_shape),
            "num_classes": num_classes,
            "network": network,
            "bits": tuple(bits),
            "recipe": recipe,
            "beta": beta,
            "gamma": gamma,
            "batch_norm": batch_norm,
            "loss": loss,
            "only_last": only_last,
            "augment": augment,
            "seed": seed,
        }
        self.bits, self.loss_name = tuple(bits), loss
        self._moves = []
        if augment:
            self._moves = [
                augmentation.mirrored(seed),
                augmentation.shifted(image_shape, seed),
            ]
        self.stack = list(self._layers_of(networks.parse(network)))
        if only_last:
            for layer in self.stack[:-2]:
                layer.trainable = False
        self.build((None, *self.arguments["image_shape"]))

    def _layers_of(self, parts):
        """The layers in their order; a pool belongs to the convolution before it."""
        _, activation_bits, _, error_bits = self.bits
        gamma = self.arguments["gamma"]
        flat = False
        for place, part in enumerate(parts):
            if part.kind == "pool":
                continue
            if part.kind == "dense" and not flat:
                yield layers.Flatten(data_format="channels_last")
                flat = True
            yield self._product(part, place)
            if self.arguments["batch_norm"]:
                yield layers.BatchNormalization(axis=-1)
            for pool in _pools_after(parts, place):
                yield layers.MaxPooling2D(
                    pool.size, pool.stride, data_format="channels_last"
                )
            yield layers.ReLU()
            yield Gate(activation_bits, error_bits, gamma)
        if not flat:
            yield layers.Flatten(data_format="channels_last")
        last = networks.Part("dense", self.arguments["num_classes"])
        yield self._product(last, len(parts))
        yield Gate(None, error_bits, gamma)

    def _product(self, part, place):
        weight_bits, _, stored_bits, _ = self.bits
        code = self.arguments["recipe"] == "code"
        options = {
            "bits": weight_bits,
            "stored_bits": stored_bits,
            "beta": self.arguments["beta"],
            "factor": theory.CODE_FACTOR if code else theory.PAPER_FACTOR,
            "ternary_start": code,
            "seed": (1000 * self.arguments["seed"] + place) % 2**31,
        }
        if part.kind == "dense":
            return QuantDense(part.units, **options)
        return QuantConv2D(part.units, part.size, part.stride, **options)

    @property
    def products(self):
        """The layers with weights, first to last."""
        return [x for x in self.stack if isinstance(x, (QuantDense, QuantConv2D))]

    def build(self, input_shape):
        """The weights of all layers."""
        for layer in self.stack:
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)

    def call(self, images, training=False):
        """Outputs of the last layer, shape (batch, classes)."""
        for move in self._moves:
            images = move(images, training=training)
        values = 2 * ops.convert_to_tensor(images) - 1
        if self.bits[1] is not None:
            values = quantized(values, self.bits[1])
        for layer in self.stack:
            takes = isinstance(layer, layers.BatchNormalization)
            values = layer(values, training=training) if takes else layer(values)
        return values

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes."""
        class_labels.check(y, self.arguments["num_classes"])

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean loss of an example.

        Where errors are quantised the gradient is that of the sum, as in the paper:
        divided by the batch, the greatest error would lie elsewhere between two powers
        of two.
        """
        labels = ops.cast(ops.reshape(y, (-1,)), "int32")
        outputs = ops.cast(y_pred, "float32")
        losses = LOSSES[self.loss_name](labels, outputs)
        losses = class_labels.existing(losses, labels, self.arguments["num_classes"])
        if self.bits[3] is None:
            return runtime.batch_loss(losses, sample_weight)
        return mean_with_errors_of_sum(runtime.weighted(losses, sample_weight))

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


def _pools_after(parts, place):
    for part in parts[place + 1 :]:
        if part.kind != "pool":
            return
        yield part
