"""A classifier whose hidden layers are grids of units."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from lessons.foundations.stimulated_learning import theory
from lessons.foundations.stimulated_learning.losses import (
    Adjacency,
    Stimulus,
    check_positive,
)
from lessons.toolkit import labels as class_labels
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.labels import Labelled

# "code": as in the authors' code, weighted but for the last hidden layer.
SURFACES = ("weighted", "raw", "code")
LAYERS = ("all", "last")


def check_not_negative(**numbers):
    """Raise `UserError` unless each coefficient is 0 or more."""
    for name, number in numbers.items():
        if not 0 <= number < float("inf"):
            raise UserError(f"{name} must be a number of at least 0, got {number!r}.")


@keras.saving.register_keras_serializable("lessons")
class GridClassifier(Labelled, keras.Model):
    r"""Sigmoid layers of $R \times C$ units, each seen as a grid, and a softmax.

    $J = CE + \eta \sum_l R_l + \alpha \sum_l \sqrt{A(h_l)}$.

    Targets of `fit` are classes, shape (batch,), which are the stimuli too; or of shape
    (batch, 1 + m): the class, and m stimuli whose targets are averaged, -1 for none.

    Args:
        num_features: inputs.
        num_classes: outputs.
        centres: places of the stimuli as (column, row), shape (stimuli, 2).
        rows, columns: of every grid.
        num_layers: hidden layers.
        spread: sigma of the targets, in grid cells.
        stimulus: coefficient $\eta$; 0 for none.
        direction: of the divergence, see `theory.DIRECTIONS`.
        surface: "weighted" by the norms of the outgoing weights, "raw", or "code".
        regularised: "all" hidden layers or the "last" one.
        adjacency: coefficient $\alpha$ of the roughness; 0 for none.
        wrap: whether opposite edges of a grid touch.
        first_factor: factor of the first weights of the first layer.
        seed: of the first weights.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: a size, coefficient or name that cannot be.
    """

    def __init__(
        self,
        num_features,
        num_classes,
        centres,
        *,
        rows=12,
        columns=12,
        num_layers=2,
        spread=1.5,
        stimulus=0.5,
        direction="forward",
        surface="weighted",
        regularised="all",
        adjacency=0.0,
        wrap=False,
        first_factor=1.0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if surface not in SURFACES:
            raise unknown("surface", surface, SURFACES)
        if regularised not in LAYERS:
            raise unknown("regularised", regularised, LAYERS)
        check_not_negative(stimulus=stimulus, adjacency=adjacency)
        check_positive(first_factor=first_factor)
        if min(num_features, num_classes, num_layers) < 1:
            raise UserError(
                "num_features, num_classes and num_layers must be at least 1, got "
                f"{num_features}, {num_classes} and {num_layers}."
            )
        self.stimulus_loss = Stimulus(centres, rows, columns, spread, direction)
        self.adjacency_loss = Adjacency(rows, columns, wrap)
        self.arguments = {
            "num_features": num_features,
            "num_classes": num_classes,
            "centres": self.stimulus_loss.arguments["centres"],
            "rows": rows,
            "columns": columns,
            "num_layers": num_layers,
            "spread": spread,
            "stimulus": stimulus,
            "direction": direction,
            "surface": surface,
            "regularised": regularised,
            "adjacency": adjacency,
            "wrap": wrap,
            "first_factor": first_factor,
            "seed": seed,
        }
        self.hidden = [self._dense(place) for place in range(num_layers)]
        self.readout = self._dense(num_layers)
        self.build((None, num_features))

    def _dense(self, place):
        """A hidden layer, or after the last of them the readout."""
        given, last = self.arguments, place == self.arguments["num_layers"]
        factor = given["first_factor"] if place == 0 else 1.0
        return layers.Dense(
            given["num_classes"] if last else given["rows"] * given["columns"],
            activation=None if last else "sigmoid",
            kernel_initializer=keras.initializers.VarianceScaling(
                factor**2,
                mode="fan_avg",
                distribution="uniform",
                seed=(1000 * given["seed"] + place) % 2**31,
            ),
            name="readout" if last else f"hidden_{place + 1}",
        )

    def build(self, input_shape):
        """The weights of all layers."""
        for layer in (*self.hidden, self.readout):
            layer.build(input_shape)
            input_shape = (None, layer.units)

    def call(self, features, gains=None):
        """Run forward.

        Args:
            features: shape (batch, features).
            gains: factors of the activations of every hidden layer, shape (units,) or
                (batch, units), to mute a region; None for 1.

        Returns:
            Dictionary: "logits", shape (batch, classes), and for each hidden layer
            "hidden_1", "hidden_2", ..., its activations, shape (batch, units).
        """
        values, outputs = features, {}
        for layer in self.hidden:
            values = layer(values)
            if gains is not None:
                values = values * ops.cast(gains, values.dtype)
            outputs[layer.name] = values
        return {"logits": self.readout(values), **outputs}

    def weighted(self, outputs, place):
        r"""What the surface of a hidden layer is made of, $\xi_i h_i$ or $h_i$.

        Args:
            outputs: of `call`.
            place: of the layer, from 0.

        Returns:
            Shape (batch, units).
        """
        values = ops.cast(outputs[self.hidden[place].name], "float32")
        last = place == len(self.hidden) - 1
        surface = self.arguments["surface"]
        if surface == "raw" or (surface == "code" and last):
            return values
        after = self.readout if last else self.hidden[place + 1]
        return values * theory.outgoing_norms(ops.cast(after.kernel, "float32"))

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes and stimuli have a place."""
        if y is None:
            return
        labels, stimuli = split_targets(y if hasattr(y, "ndim") else np.asarray(y))
        class_labels.check(labels, self.arguments["num_classes"])
        class_labels.check(stimuli, len(self.arguments["centres"]), missing=-1)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean over examples of the cross-entropy and the regularisers, in nats."""
        given = self.arguments
        labels, stimuli = split_targets(ops.cast(y, "int32"))
        classes = ops.one_hot(labels, given["num_classes"])
        losses = keras.losses.categorical_crossentropy(
            classes, ops.cast(y_pred["logits"], "float32"), from_logits=True
        )
        places = range(len(self.hidden))
        for place in places if given["regularised"] == "all" else places[-1:]:
            if given["stimulus"]:
                values = self.weighted(y_pred, place)
                losses += given["stimulus"] * self.stimulus_loss.call(stimuli, values)
            if given["adjacency"]:
                values = y_pred[self.hidden[place].name]
                losses += given["adjacency"] * self.adjacency_loss.call(None, values)
        losses = class_labels.existing(losses, labels, given["num_classes"])
        return runtime.batch_loss(losses, sample_weight)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """What was given to `compile`, for the logits and the classes."""
        labels, _ = split_targets(y)
        return super().compute_metrics(x, labels, y_pred["logits"], sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


def split_targets(y):
    """Classes, shape (batch,), and stimuli, shape (batch, m), of targets of `fit`.

    Args:
        y: shape (batch,) or (batch, 1), where the class is the stimulus; or (batch,
            1 + m).
    """
    if getattr(y.shape, "rank", y.ndim) is None:  # a step traced for both kinds
        rows = tf.reshape(y, (tf.shape(y)[0], -1))
        return rows[:, 0], rows[:, tf.minimum(1, tf.shape(rows)[1] - 1) :]
    rows = y[:, None] if y.ndim == 1 else y
    return rows[:, 0], rows[:, 1:] if rows.shape[1] > 1 else rows
