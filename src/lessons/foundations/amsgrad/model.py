"""The three networks of the paper's experiments: section 5 of arXiv:1904.09237.

All end in logits, one per class.
"""

import keras
import tensorflow as tf
from keras import layers

from lessons.toolkit.errors import unknown


@keras.saving.register_keras_serializable("lessons")
class LocalResponseNormalization(layers.Layer):
    r"""Divide by the activity of neighbouring channels (Krizhevsky et al. 2012).

    $$y_c = x_c \Big/ \Big(k + a \sum_{|i - c| \le r} x_i^2\Big)^b$$
    The defaults are those of TensorFlow's tutorial on CIFAR-10, where the name
    CIFARNET comes from.

    Args:
        radius: $r$, channels on each side.
        bias: $k$.
        scale: $a$.
        power: $b$.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, radius=4, bias=1.0, scale=0.001 / 9.0, power=0.75, **kwargs):
        super().__init__(**kwargs)
        self.radius, self.bias = radius, bias
        self.scale, self.power = scale, power

    def call(self, inputs):
        """Normalise; shape (batch, height, width, channels) and dtype are kept.

        TensorFlow has no bfloat16 of it on most devices: it computes in float32.
        """
        normalised = tf.nn.local_response_normalization(
            tf.cast(inputs, "float32"), self.radius, self.bias, self.scale, self.power
        )
        return tf.cast(normalised, inputs.dtype)

    def compute_output_shape(self, input_shape):
        """The shape of the input."""
        return input_shape

    def get_config(self):
        """The arguments, for saving."""
        names = ("radius", "bias", "scale", "power")
        return {**super().get_config(), **{n: getattr(self, n) for n in names}}


def logistic(image_shape, num_classes):
    """Multi-class logistic regression: a convex problem.

    Args:
        image_shape: (height, width, channels).
        num_classes: number of logits.
    """
    return keras.Sequential(
        [keras.Input(image_shape), layers.Flatten(), layers.Dense(num_classes)],
        name="logistic",
    )


def one_hidden_layer(image_shape, num_classes, units=100):
    """One hidden layer of rectified linear units.

    Args:
        image_shape: (height, width, channels).
        num_classes: number of logits.
        units: width of the hidden layer.
    """
    return keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(num_classes),
        ],
        name="one_hidden_layer",
    )


def cifarnet(image_shape, num_classes, filters=64, units=(384, 192)):
    """Two blocks of 6x6 convolution, pooling and normalisation, two dense layers.

    Args:
        image_shape: (height, width, channels).
        num_classes: number of logits.
        filters: channels of each convolution.
        units: widths of the dense layers.
    """

    def block():
        return [
            layers.Conv2D(filters, 6, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            LocalResponseNormalization(),
        ]

    return keras.Sequential(
        [
            keras.Input(image_shape),
            *block(),
            *block(),
            layers.Flatten(),
            layers.Dense(units[0], activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(units[1], activation="relu"),
            layers.Dense(num_classes),
        ],
        name="cifarnet",
    )


FAMILIES = {
    "logistic": logistic,
    "one_hidden_layer": one_hidden_layer,
    "cifarnet": cifarnet,
}


def build(family, image_shape, num_classes, **sizes):
    """The network of a family.

    Args:
        family: key of `FAMILIES`.
        image_shape: (height, width, channels).
        num_classes: number of logits.
        **sizes: `units` or `filters` of that family.

    Raises:
        lessons.toolkit.errors.UserError: there is no such family.
    """
    if family not in FAMILIES:
        raise unknown("family", family, FAMILIES)
    return FAMILIES[family](image_shape, num_classes, **sizes)
