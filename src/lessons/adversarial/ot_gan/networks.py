"""The small networks: points in the plane and 8x8 digits."""

import math

import keras
from keras import layers

from lessons.adversarial.ot_gan import theory


@keras.saving.register_keras_serializable("lessons")
class UnitLength(layers.Layer):
    """Divides features by their Euclidean length: (batch, features) in and out."""

    def call(self, features):
        """Features on the unit sphere."""
        return theory.unit(features)


def _inputs(shape, num_classes, name):
    """Inputs of a network and one flat tensor made of them."""
    main = keras.Input(shape, name=name)
    flat = main if len(shape) == 1 else layers.Flatten()(main)
    if not num_classes:
        return main, flat
    label = keras.Input((num_classes,), name="label")
    return [main, label], layers.Concatenate()([flat, label])


def _hidden(tensor, units, bias_scale=0.0):
    for width in units:
        bias = keras.initializers.RandomNormal(stddev=bias_scale)
        tensor = layers.Dense(
            width,
            activation="relu",
            kernel_initializer="he_normal",
            bias_initializer=bias if bias_scale else "zeros",
        )(tensor)
    return tensor


def dense_generator(latent_dim, units, output_shape, num_classes=0):
    """Codes, with one-hot labels if there are classes, to examples.

    Args:
        latent_dim: size of a code.
        units: widths of the ReLU layers.
        output_shape: of one example; images come out in [0, 1], points unbounded.
        num_classes: classes of the side information, 0 for none.
    """
    inputs, flat = _inputs((latent_dim,), num_classes, "code")
    hidden = _hidden(flat, units)
    is_image = len(output_shape) > 1
    outputs = layers.Dense(
        math.prod(output_shape),
        activation="sigmoid" if is_image else None,
        kernel_initializer="glorot_uniform" if is_image else "he_normal",
    )(hidden)
    outputs = layers.Reshape(output_shape, dtype="float32")(outputs)
    return keras.Model(inputs, outputs, name="generator")


def dense_critic(
    input_shape, units, feature_dim, *, num_classes=0, bias_scale=1.0, scale=1.0
):
    """Examples to unit features, or to one number when `feature_dim` is 1.

    Args:
        input_shape: of one example.
        units: widths of the ReLU layers.
        feature_dim: number of features; 1 for the scalar critics of the dual route.
        num_classes: classes of the side information, 0 for none.
        bias_scale: standard deviation of the initial biases. With zero biases a ReLU
            network is positively homogeneous, and its features, once normalised, do
            not change along a ray from the origin.
        scale: inputs are multiplied by it.
    """
    inputs, flat = _inputs(input_shape, num_classes, "example")
    hidden = _hidden(layers.Rescaling(scale)(flat), units, bias_scale)
    if feature_dim == 1:
        outputs = layers.Dense(1, dtype="float32")(hidden)
        return keras.Model(inputs, outputs, name="critic")
    features = layers.Dense(
        feature_dim,
        kernel_initializer="he_normal",
        bias_initializer=keras.initializers.RandomNormal(stddev=bias_scale),
    )(hidden)
    return keras.Model(inputs, UnitLength(dtype="float32")(features), name="critic")
