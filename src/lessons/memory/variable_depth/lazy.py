"""Evaluation that stops for real: rows that have left are not computed any further."""

import numpy as np
import tensorflow as tf

from lessons.memory.variable_depth import costs, theory
from lessons.toolkit.errors import UserError


class EarlyExit:
    """Runs a trained network layer by layer on the rows that are still there.

    A layer is computed with its gate; a classifier only for the rows that leave there.
    Each part is compiled once, for batches of any size.

    Args:
        model: a `VariableDepth` with gating="cascade".

    Attributes:
        computed: rows that each layer has computed so far, shape (L,).
        answered: rows that each classifier has answered so far, shape (L,).

    Raises:
        UserError: the model has no gates to ask.
    """

    def __init__(self, model):
        if model.arguments["gating"] != "cascade":
            raise UserError(
                f"early exit needs gating='cascade', got {model.arguments['gating']!r}."
            )
        self.sizes = costs.Sizes.of(model)
        widths = [self.sizes.num_features]
        widths += [self.sizes.units] * (self.sizes.num_layers - 1)
        self._layers = [
            _layer(model, place, width) for place, width in enumerate(widths)
        ]
        self._heads = [_head(model, place) for place in range(self.sizes.num_layers)]
        self._whole = _whole(model, self.sizes.num_features)
        self.reset()

    def reset(self):
        """Begin to count rows anew."""
        self.computed = np.zeros(self.sizes.num_layers, np.int64)
        self.answered = np.zeros(self.sizes.num_layers, np.int64)

    @property
    def multiplications(self):
        """What was computed so far, counted from the rows that each part took."""
        layers = self.sizes.hidden + self.sizes.gates
        return int(self.computed @ layers + self.answered @ self.sizes.heads)

    def predict(self, features, threshold=0.5):
        """Classes, with the layers that gave them.

        Args:
            features: shape (batch, features).
            threshold: $\\tau$; a row leaves where its gates so far sum to it.

        Returns:
            (classes, exits): integers of shape (batch,); layers are counted from 1.
        """
        bound = theory.log_bound(threshold)
        values = tf.convert_to_tensor(features, tf.float32)
        rows, left = np.arange(len(values)), np.zeros(len(values), np.float32)
        classes, exits = np.full(len(values), -1), np.full(len(values), -1)
        last = self.sizes.num_layers - 1
        for place, layer in enumerate(self._layers):
            values, falls = layer(values)
            self.computed[place] += len(rows)
            left = left - falls.numpy()
            leaves = (left <= bound) | (place == last)
            out = np.flatnonzero(leaves)
            if len(out):
                answers = self._heads[place](tf.gather(values, out)).numpy()
                classes[rows[out]], exits[rows[out]] = answers, place + 1
                self.answered[place] += len(out)
                stay = np.flatnonzero(~leaves)
                rows, left, values = rows[stay], left[stay], tf.gather(values, stay)
            if not len(rows):
                break
        return classes, exits

    def predict_all(self, features):
        """Classes of the last layer, without gates; nothing is counted."""
        values = tf.convert_to_tensor(features, tf.float32)
        return self._whole(values).numpy()


def _whole(model, width):
    """All layers without gates, and the last classifier."""
    spec = tf.TensorSpec((None, width), tf.float32)

    @tf.function(input_signature=[spec], autograph=False)
    def run(values):
        for layer in model.hidden:
            values = layer(values)
        return tf.argmax(model.heads[-1](values), axis=-1)

    return run


def _layer(model, place, width):
    """One layer: (values, softplus of the gate's logit) of a batch of rows."""
    spec = tf.TensorSpec((None, width), tf.float32)

    @tf.function(input_signature=[spec], autograph=False)
    def run(values):
        values = model.hidden[place](values)
        if place == model.num_layers - 1:
            return values, tf.zeros(tf.shape(values)[:1])
        logit = model.gates[place](model.seen(values, place))
        return values, tf.nn.softplus(logit[:, 0])

    return run


def _head(model, place):
    """One classifier: the class of each row."""
    spec = tf.TensorSpec((None, model.arguments["units"]), tf.float32)

    @tf.function(input_signature=[spec], autograph=False)
    def run(values):
        return tf.argmax(model.heads[place](model.seen(values, place)), axis=-1)

    return run
