"""The small networks: points in the plane and images of a few pixels."""

import math

import keras
from keras import layers

from lessons.adversarial.spectral_normalization.layers import (
    ConditionalBatchNormalization,
    NormalizedDense,
)

SLOPE = 0.1  # of the critic's leaky ReLUs, below zero


def inputs(shape, num_classes, name):
    """(inputs of a network, its main tensor, list of the labels: one entry or none)."""
    main = keras.Input(shape, name=name)
    if not num_classes:
        return main, main, []
    label = keras.Input((num_classes,), name="label")
    return [main, label], main, [label]


def batch_norm(tensor, labels):
    """Batch normalisation, of each class if there are labels."""
    if labels:
        return ConditionalBatchNormalization()([tensor, *labels])
    return layers.BatchNormalization(momentum=0.9)(tensor)


def linear_options(variant):
    """Arguments of the critic's normalised layers."""
    return {
        "normalizer": variant.normalizer,
        "gain": variant.gain,
        "rounds": variant.rounds,
        "kernel_initializer": variant.initializer,
    }


def activate(tensor, variant):
    """A leaky ReLU, after the variant's normalisation of activations if any.

    Their trainable gains are left out, as in the paper: they would undo the control.
    """
    if variant.activation_norm == "batch":
        tensor = layers.BatchNormalization(scale=False, momentum=0.9)(tensor)
    elif variant.activation_norm == "layer":
        tensor = layers.LayerNormalization(scale=False)(tensor)
    return layers.LeakyReLU(SLOPE)(tensor)


def head(features, labels, variant, kind="projection", use_bias=True):
    r"""The critic's last layer: one number for each example.

    Args:
        features: $h$, shape (batch, features).
        labels: list of one-hot labels, one entry or none.
        variant: a `Variant`.
        kind: with labels: "projection" adds $e_y^\top h$ (Miyato & Koyama 2018,
            arXiv:1802.05637); "concat" already received the class
            earlier.
        use_bias: of the last layer.
    """
    options = linear_options(variant)
    value = NormalizedDense(1, use_bias=use_bias, **options)(features)
    if labels and kind == "projection":
        embed = NormalizedDense(features.shape[-1], use_bias=False, **options)
        value = layers.Add()([value, layers.Dot(1)([embed(labels[0]), features])])
    return layers.Activation("linear", dtype="float32", name="value")(value)


def dense_generator(latent_dim, units, output_shape, num_classes=0):
    """Codes, with one-hot labels if there are classes, to images in [-1, 1].

    Args:
        latent_dim: size of a code.
        units: widths of the ReLU layers, each batch-normalised.
        output_shape: of one example.
        num_classes: 0 for no labels.
    """
    given, tensor, labels = inputs((latent_dim,), num_classes, "code")
    for width in units:
        tensor = batch_norm(layers.Dense(width)(tensor), labels)
        tensor = layers.ReLU()(tensor)
    tensor = layers.Dense(math.prod(output_shape), activation="tanh")(tensor)
    outputs = layers.Reshape(output_shape, dtype="float32")(tensor)
    return keras.Model(given, outputs, name="generator")


def dense_critic(input_shape, units, variant, num_classes=0, kind="projection"):
    """Examples to one number, a leaky multilayer perceptron.

    Args:
        input_shape: of one example.
        units: widths of the hidden layers.
        variant: a `Variant`.
        num_classes: 0 for no labels.
        kind: of the head with labels: "projection", or "concat" for an embedding beside
            the first hidden layer.
    """
    given, tensor, labels = inputs(input_shape, num_classes, "example")
    options = linear_options(variant)
    tensor = layers.Flatten()(tensor)
    for index, width in enumerate(units):
        if index == 1 and labels and kind == "concat":
            embed = NormalizedDense(width, use_bias=False, **options)
            tensor = layers.Concatenate()([tensor, embed(labels[0])])
        tensor = activate(NormalizedDense(width, **options)(tensor), variant)
    value = head(tensor, labels, variant, kind)
    return keras.Model(given, value, name="critic")
