r"""Kinds of deep dense network, equal but for what keeps them trainable.

Every kind is a functional Keras model from (batch, members, features) to logits (batch,
members, classes). A network of depth $L$ has $L$ hidden layers and a linear readout;
residual and highway networks need one more linear layer in front, which brings the
input to their width.
"""

import functools

import keras
import numpy as np
from keras import layers, ops

from lessons.foundations.self_normalizing import theory, theory_training
from lessons.foundations.self_normalizing.layers import (
    AlphaDropout,
    MemberDense,
    MemberScale,
)
from lessons.foundations.self_normalizing.variants import VARIANTS
from lessons.toolkit.errors import UserError, unknown

HIGHWAY_BIAS = -2.0  # gates start nearly closed: layers start as the identity
TANH_SLOPE = 0.5
_MASKED = -1e9


@keras.saving.register_keras_serializable("lessons")
def selu(x):
    """The lesson's own SELU, `theory.selu`."""
    return theory.selu(x)


@keras.saving.register_keras_serializable("lessons")
def scaled_tanh(x):
    """A tanh whose slope and scale give variance 1 an attracting fixed point too."""
    return theory_training.scaled_tanh(TANH_SLOPE)[0] * ops.tanh(TANH_SLOPE * x)


ACTIVATIONS = {
    "selu": selu,
    "relu": "relu",
    "tanh": "tanh",
    "scaled_tanh": scaled_tanh,
}


def _activate(x, activation, name):
    function = ACTIVATIONS.get(activation, activation)
    return layers.Activation(function, name=f"{name}_act")(x)


def plain(x, units, name, variant, **options):
    """A dense layer and its activation.

    All blocks take these arguments, and `self_normalizing` and `residual` one more.

    Args:
        x: a Keras tensor (batch, members, inputs).
        units: width of the layer.
        name: what the names of its layers begin with.
        variant: a `variants.Variant`.
        **options: for `MemberDense`.

    Returns:
        A Keras tensor (batch, members, units).
    """
    dense = MemberDense(units, variant.gain, name=name, **options)
    return _activate(dense(x), variant.activation, name)


def self_normalizing(x, units, name, variant, dropout=0.0, **options):
    """A dense layer of variance 1/n and SELU, with alpha dropout."""
    x = plain(x, units, name, variant, **options)
    return AlphaDropout(dropout, name=f"{name}_drop")(x) if dropout else x


def batch_norm(x, units, name, variant, **options):
    """Batch normalisation between the dense layer and its activation."""
    x = MemberDense(units, variant.gain, name=name, **options)(x)
    members = x.shape[1]
    # One axis for members and units: each pair has statistics of its own.
    flat = layers.Reshape((members * units,), name=f"{name}_flat")(x)
    flat = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(flat)
    x = layers.Reshape((members, units), name=f"{name}_apart")(flat)
    return _activate(x, variant.activation, name)


def layer_norm(x, units, name, variant, **options):
    """Layer normalisation between the dense layer and its activation."""
    x = MemberDense(units, variant.gain, name=name, **options)(x)
    norm = layers.LayerNormalization(center=False, scale=False, name=f"{name}_norm")
    x = MemberScale(name=f"{name}_scale")(norm(x))
    return _activate(x, variant.activation, name)


def highway(x, units, name, variant):
    """A layer and its input, mixed by a trained gate."""
    gate = MemberDense(units, 1.0, bias=HIGHWAY_BIAS, name=f"{name}_gate")(x)
    gate = _activate(gate, "sigmoid", f"{name}_gate")
    candidate = plain(x, units, name, variant)
    # h' = t h + (1 - t) x, as one product
    step = layers.Multiply(name=f"{name}_step")(
        [gate, layers.Subtract(name=f"{name}_change")([candidate, x])]
    )
    return layers.Add(name=f"{name}_sum")([x, step])


def residual(x, units, name, variant, blocks):
    """Two layers whose result is added to their input.

    Without normalisation every block adds variance: all `blocks` together add as much
    as one block of its own would.
    """
    inner = plain(x, units, f"{name}_inner", variant)
    outer = MemberDense(units, variant.gain / blocks, name=f"{name}_outer")(inner)
    x = layers.Add(name=f"{name}_sum")([x, outer])
    return _activate(x, variant.activation, name)


BLOCKS = {
    "plain": plain,
    "self_normalizing": self_normalizing,
    "batch_norm": batch_norm,
    "layer_norm": layer_norm,
    "weight_norm": functools.partial(plain, weight_norm=True),
    "highway": highway,
    "residual": residual,
}
KEEP_WIDTH = ("highway", "residual")  # blocks that add their input to their output

# The paper advises against Adam with its usual constants.
OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "momentum": functools.partial(keras.optimizers.SGD, momentum=0.9),
    "adadelta": keras.optimizers.Adadelta,
    "adamax": keras.optimizers.Adamax,
    "adam": keras.optimizers.Adam,
    "adam_advised": functools.partial(keras.optimizers.Adam, beta_2=0.99, epsilon=0.01),
}


def check_form(name, form):
    """Raise a `UserError` if a variant cannot have hidden layers of this form."""
    if form == "conic" and VARIANTS[name].block in KEEP_WIDTH:
        raise UserError(
            f"form='conic' is impossible for {name}, whose layers keep one width. "
            "Allowed: form='rectangular', or variants and more_variants without "
            f"{' and '.join(KEEP_WIDTH)}."
        )


def widths(width, num_classes, num_layers, form):
    """Sizes of the hidden layers: all `width`, or shrinking towards the classes.

    Args:
        width: units of the first hidden layer.
        num_classes: width of the readout.
        num_layers: hidden layers.
        form: "rectangular" or "conic".

    Returns:
        A list of `num_layers` integers.
    """
    if form == "rectangular":
        return [width] * num_layers
    return theory_training.conic_widths(width, num_classes, num_layers)


def build(
    name,
    num_features,
    num_classes,
    num_layers,
    width,
    *,
    members=1,
    form="rectangular",
    dropout=0.0,
    fan_in=None,
    classes=None,
):
    """A network of a variant, not compiled.

    Args:
        name: key of `variants.VARIANTS`.
        num_features: size of an input (of the longest, if members differ).
        num_classes: number of logits (of the member with most classes).
        num_layers: hidden layers.
        width: units of a hidden layer (of the first, for a conic network).
        members: networks side by side.
        form: "rectangular" or "conic"; highway and residual networks keep one width.
        dropout: rate of alpha dropout, for `snn` only.
        fan_in: each member's number of features, where inputs are padded with zeros.
        classes: each member's number of classes, where they differ; the logits of
            classes a member does not have are held far below the others.

    Raises:
        UserError: no such variant, or a size is impossible.
    """
    if name not in VARIANTS:
        raise unknown("variant", name, VARIANTS)
    sizes = (num_features, num_classes, num_layers, width, members)
    if min(sizes) < 1:
        raise UserError(
            "num_features, num_classes, num_layers, width and members must be at "
            f"least 1, got {sizes}."
        )
    check_form(name, form)
    inputs = keras.Input((members, num_features), name="features")
    variant, x = VARIANTS[name], inputs
    block = functools.partial(BLOCKS[variant.block], variant=variant)
    if variant.block in KEEP_WIDTH:
        x = MemberDense(width, 1.0, fan_in, name="input_map")(inputs)
        count = num_layers
        if variant.block == "residual":  # a block has two layers
            count = max(1, num_layers // 2)
            block = functools.partial(block, blocks=count)
        for layer in range(count):
            x = block(x, width, f"hidden_{layer + 1}")
    else:
        options = {"dropout": dropout} if variant.block == "self_normalizing" else {}
        sizes = widths(width, num_classes, num_layers, form)
        for layer, units in enumerate(sizes):
            first = {"fan_in": fan_in} if layer == 0 else {}
            x = block(x, units, f"hidden_{layer + 1}", **options, **first)
    logits = MemberDense(num_classes, 1.0, name="readout")(x)
    if classes is not None:
        logits = Mask(classes, name="mask")(logits)
    logits = layers.Activation("linear", dtype="float32", name="logits")(logits)
    return keras.Model(inputs, logits, name=f"{name}_{num_layers}")


@keras.saving.register_keras_serializable("lessons")
class Mask(layers.Layer):
    """Holds the logits of classes that a member does not have far below the others.

    Args:
        classes: number of classes of each member.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, classes, **kwargs):
        super().__init__(**{**kwargs, "dtype": "float32"})
        self.classes = tuple(int(count) for count in classes)

    def call(self, inputs):
        """Replace the logits beyond each member's classes."""
        index = np.arange(inputs.shape[-1])
        exists = index < np.array(self.classes)[:, None]  # (members, classes)
        return ops.where(exists, inputs, ops.cast(_MASKED, inputs.dtype))

    def get_config(self):
        """The arguments, for serialisation."""
        return {**super().get_config(), "classes": self.classes}


@keras.saving.register_keras_serializable("lessons")
class SummedCrossEntropy(keras.losses.Loss):
    """Cross-entropy in nats, mean over the batch and **sum** over members.

    The sum gives each member the gradient it would have alone; a mean would divide
    every learning rate by the number of members.
    """

    def call(self, y_true, y_pred):
        """Labels (batch, members) and logits (batch, members, classes): (batch,)."""
        each = keras.losses.sparse_categorical_crossentropy(
            y_true, y_pred, from_logits=True
        )
        return ops.sum(each, axis=-1)
