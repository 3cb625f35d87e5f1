"""Layers of several restarts at once: mappings W, and discriminators with LeakyReLU."""

import keras
import numpy as np
from keras import layers, ops

from lessons.language.word_translation import theory
from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class StackedMappings(layers.Layer):
    r"""R linear mappings of the same words, $W_r x$.

    Args:
        restarts: R.
        start: first weights: "identity", or "random", orthogonal matrices of which
            every second one is a reflection.
        seed: of random first weights.

    Input: words, shape (..., d). Output: shape (..., R, d).
    """

    def __init__(self, restarts, start="random", seed=0, **options):
        super().__init__(**options)
        if restarts < 1 or start not in ("identity", "random"):
            raise UserError(
                "restarts must be at least 1 and start 'identity' or 'random', got "
                f"{restarts} and {start!r}."
            )
        self.restarts, self.start, self.seed = restarts, start, seed

    def build(self, input_shape):
        """Create W, shape (R, d, d)."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.restarts, input_shape[-1], input_shape[-1]),
            initializer=self._first,
        )
        super().build(input_shape)

    def _first(self, shape, dtype):
        if self.start == "identity":
            return ops.broadcast_to(ops.eye(shape[-1], dtype=dtype), shape)
        rng = np.random.default_rng((self.seed, 42))
        found = theory.nearest_orthogonal(rng.normal(size=shape))
        signs = np.sign(np.linalg.det(found)) * (-1.0) ** np.arange(shape[0])
        found[:, 0] *= signs[:, None]  # determinants 1, -1, 1, ...
        return ops.convert_to_tensor(found, dtype)

    def call(self, words):
        """Map words by every W."""
        kernel = ops.convert_to_tensor(self.kernel)
        return ops.einsum("...d,red->...re", words, kernel)

    def stacked(self, words):
        """The same with the restarts in front: (batch, d) to (R, batch, d)."""
        kernel = ops.convert_to_tensor(self.kernel)
        return ops.matmul(words, ops.swapaxes(kernel, -1, -2))

    def get_config(self):
        """The arguments, for saving."""
        own = {"restarts": self.restarts, "start": self.start, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("lessons")
class StackedDiscriminators(layers.Layer):
    """R networks that guess the language: dense layers with LeakyReLU, one logit.

    Args:
        restarts: R.
        hidden: units of the hidden layers; with () the logit is linear.
        dropout: part of the input set to 0 in training.
        slope: of LeakyReLU below 0.
        seed: of first weights and dropout.

    Input: shape (R, batch, d). Output: logits of "source", shape (R, batch). Another
    first axis than R is a `UserError`.
    """

    def __init__(self, restarts, hidden, dropout=0.0, slope=0.2, seed=0, **options):
        super().__init__(**options)
        if restarts < 1 or min(hidden, default=1) < 1 or not 0 <= dropout < 1:
            raise UserError(
                "discriminators need restarts and hidden units of at least 1 and a "
                f"dropout from 0 to below 1, got {restarts}, {hidden} and {dropout}."
            )
        self.restarts, self.hidden = restarts, tuple(hidden)
        self.dropout, self.slope, self.seed = dropout, slope, seed
        self.drop = layers.Dropout(dropout, seed=seed)
        self.activation = layers.LeakyReLU(negative_slope=slope)

    def build(self, input_shape):
        """Create kernels (R, in, out), as Glorot's for each restart, and biases."""
        self._check(input_shape)
        sizes = (input_shape[-1], *self.hidden, 1)
        self.kernels, self.biases = [], []
        for number, (size, units) in enumerate(zip(sizes, sizes[1:], strict=False)):
            limit = (6 / (size + units)) ** 0.5
            start = keras.initializers.RandomUniform(
                -limit, limit, seed=1000 * self.seed + number
            )
            shape = (self.restarts, size, units)
            self.kernels.append(
                self.add_weight(name=f"kernel_{number}", shape=shape, initializer=start)
            )
            self.biases.append(
                self.add_weight(
                    name=f"bias_{number}",
                    shape=(self.restarts, 1, units),
                    initializer="zeros",
                )
            )
        super().build(input_shape)

    def _check(self, shape):
        if len(shape) != 3 or shape[0] not in (None, self.restarts):
            raise UserError(
                f"words must be stacked by restart, shape ({self.restarts}, batch, d), "
                f"got {tuple(shape)}."
            )

    def call(self, words, training=False):
        """Logits of words that are stacked by restart."""
        self._check(words.shape)
        hidden = self.drop(words, training=training)
        last = len(self.kernels) - 1
        for number, (kernel, bias) in enumerate(
            zip(self.kernels, self.biases, strict=True)
        ):
            hidden = ops.matmul(hidden, ops.convert_to_tensor(kernel))
            hidden = hidden + ops.convert_to_tensor(bias)
            if number < last:
                hidden = self.activation(hidden)  # (R, batch, units)
        return hidden[..., 0]

    def get_config(self):
        """The arguments, for saving."""
        own = {
            "restarts": self.restarts,
            "hidden": self.hidden,
            "dropout": self.dropout,
            "slope": self.slope,
            "seed": self.seed,
        }
        return {**super().get_config(), **own}
