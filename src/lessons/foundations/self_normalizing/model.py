r"""Nine kinds of deep dense network, equal but for what keeps them trainable.

Every kind is a functional Keras model from (batch, members, features) to logits (batch,
members, classes). A network of depth $L$ has $L$ hidden layers and a linear readout;
residual and highway networks need one more linear layer in front, which brings the
input to their width.
"""

import functools

import keras
import numpy as np
from keras import layers, ops

from lessons.foundations.self_normalizing import config, theory, theory_training
from lessons.foundations.self_normalizing.layers import (
    AlphaDropout,
    MemberDense,
    MemberScale,
)
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


def _activate(x, activation, name):
    return layers.Activation(activation, name=f"{name}_act")(x)


def _plain(x, units, name, *, activation, gain, weight_norm=False, **options):
    dense = MemberDense(units, gain, weight_norm=weight_norm, name=name, **options)
    return _activate(dense(x), activation, name)


def _self_normalizing(x, units, name, *, dropout, **options):
    x = _plain(x, units, name, activation=selu, gain=1.0, **options)
    return AlphaDropout(dropout, name=f"{name}_drop")(x) if dropout else x


def _batch_norm(x, units, name, **options):
    x = MemberDense(units, 2.0, name=name, **options)(x)
    members = x.shape[1]
    # One axis for members and units: each pair has statistics of its own.
    flat = layers.Reshape((members * units,), name=f"{name}_flat")(x)
    flat = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(flat)
    x = layers.Reshape((members, units), name=f"{name}_apart")(flat)
    return _activate(x, "relu", name)


def _layer_norm(x, units, name, **options):
    x = MemberDense(units, 2.0, name=name, **options)(x)
    norm = layers.LayerNormalization(center=False, scale=False, name=f"{name}_norm")
    return _activate(MemberScale(name=f"{name}_scale")(norm(x)), "relu", name)


def _highway(x, units, name):
    gate = MemberDense(units, 1.0, bias=HIGHWAY_BIAS, name=f"{name}_gate")(x)
    gate = _activate(gate, "sigmoid", f"{name}_gate")
    candidate = _plain(x, units, name, activation="relu", gain=2.0)
    # h' = t h + (1 - t) x, as one product
    step = layers.Multiply(name=f"{name}_step")(
        [gate, layers.Subtract(name=f"{name}_change")([candidate, x])]
    )
    return layers.Add(name=f"{name}_sum")([x, step])


def _residual(x, units, name, gain):
    inner = _plain(x, units, f"{name}_inner", activation="relu", gain=2.0)
    outer = MemberDense(units, gain, name=f"{name}_outer")(inner)
    return _activate(layers.Add(name=f"{name}_sum")([x, outer]), "relu", name)


_LAYERS = {
    "snn": _self_normalizing,
    "relu": functools.partial(_plain, activation="relu", gain=2.0),
    "batch_norm": _batch_norm,
    "layer_norm": _layer_norm,
    "weight_norm": functools.partial(
        _plain, activation="relu", gain=2.0, weight_norm=True
    ),
    "tanh": functools.partial(_plain, activation="tanh", gain=1.0),
    "scaled_tanh": functools.partial(_plain, activation=scaled_tanh, gain=1.0),
}
METHODS = config.METHODS


def widths(width, num_classes, num_layers, form):
    """Sizes of the hidden layers: all `width`, or falling towards the classes."""
    if form == "rectangular":
        return [width] * num_layers
    return theory_training.conic_widths(width, num_classes, num_layers)


def build(
    method,
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
    """A network of one of the `METHODS`, not compiled.

    Args:
        method: which kind.
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
        UserError: no such method, or a size is impossible.
    """
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    sizes = (num_features, num_classes, num_layers, width, members)
    if min(sizes) < 1:
        raise UserError(
            "num_features, num_classes, num_layers, width and members must be at "
            f"least 1, got {sizes}."
        )
    inputs = keras.Input((members, num_features), name="features")
    if method in ("highway", "residual"):
        if form == "conic":
            raise UserError(f"a {method} network has one width: form='rectangular'.")
        x = MemberDense(width, 1.0, fan_in, name="input_map")(inputs)
        block, count = _highway, num_layers
        if method == "residual":
            count = max(1, num_layers // 2)
            # Without normalisation every block adds variance: together as much as
            # one block of its own would.
            block = functools.partial(_residual, gain=2.0 / count)
        for layer in range(count):
            x = block(x, width, f"hidden_{layer + 1}")
    else:
        options = {"dropout": dropout} if method == "snn" else {}
        x = inputs
        sizes = widths(width, num_classes, num_layers, form)
        for layer, units in enumerate(sizes):
            first = {"fan_in": fan_in} if layer == 0 else {}
            x = _LAYERS[method](x, units, f"hidden_{layer + 1}", **options, **first)
    logits = MemberDense(num_classes, 1.0, name="readout")(x)
    if classes is not None:
        logits = Mask(classes, name="mask")(logits)
    logits = layers.Activation("linear", dtype="float32", name="logits")(logits)
    return keras.Model(inputs, logits, name=f"{method}_{num_layers}")


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


def accuracy(model, x, y, counts=None, batch_size=512):
    """Share of right answers of each member, computed in NumPy.

    Args:
        model: as from `build`.
        x, y: features (batch, members, features), labels (batch, members).
        counts: how many rows of each member are real; None for all.
        batch_size: of the prediction.

    Returns:
        Array of shape (members,).
    """
    right = np.argmax(model.predict(x, batch_size=batch_size, verbose=0), axis=-1) == y
    if counts is None:
        return right.mean(axis=0)
    real = np.arange(len(y))[:, None] < np.asarray(counts)
    return np.sum(right & real, axis=0) / np.asarray(counts)
