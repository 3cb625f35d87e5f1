"""The transducer as a Keras model: tokens in, logits of symbols out."""

from typing import NamedTuple

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.memory.neural_stack import theory
from lessons.memory.neural_stack.cell import Done
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.recurrent import scan

OWN_ANSWER = -1  # in place of a token: what was answered in the step before


class Trace(NamedTuple):
    """What a network did, step by step; leading axes (batch, time).

    Attributes:
        logits: shape (..., classes).
        pushes, pops: strengths, shape (..., ends).
        strengths: after the step, shape (..., cells).
        weights: of the reads, shape (..., ends, cells).
    """

    logits: object
    pushes: object
    pops: object
    strengths: object
    weights: object


@keras.saving.register_keras_serializable("lessons")
class Transducer(keras.Model):
    """A network that answers with logits of symbols at every step.

    Inputs are tokens, whole numbers of shape (batch, time): 0 is a blank, which is
    shown as zeros. Give `fit` the pair (classes, mask) of `Sequences` in place of the
    targets; sample weights weigh whole sequences. What depends on the inputs alone, and
    the output layers, are products over all steps at once.

    Args:
        cell: a `TransducerCell`.
        num_tokens: kinds of tokens without the blank.
        num_classes: kinds of answers.
        embedding: width of the embedding, 0 for one-hot inputs.
        output_layer: whether a tanh layer as wide as the controller stands before the
            logits.
    """

    def __init__(
        self,
        cell,
        num_tokens,
        num_classes,
        *,
        embedding=0,
        output_layer=False,
        **options,
    ):
        super().__init__(**options)
        self.cell = cell
        self.num_tokens, self.num_classes = num_tokens, num_classes
        self.embedding, self.output_layer = embedding, output_layer
        self.embed = None
        if embedding:
            self.embed = layers.Dense(embedding, use_bias=False, name="embedding")
        self.squash = None
        if output_layer:
            self.squash = layers.Dense(cell.units, "tanh", name="output")
        self.to_logits = layers.Dense(num_classes, name="logits")
        self.right_metric = keras.metrics.Mean("symbols_right")

    def build(self, input_shape):
        """Make the weights for tokens of shape (batch, time)."""
        channels = self.embedding or self.num_tokens
        if self.embed:
            self.embed.build((None, self.num_tokens))
        if not self.cell.built:  # a cell read from a file is built already
            self.cell.build((None, channels))
        if self.squash:
            self.squash.build((None, self.cell.units))
        self.to_logits.build((None, self.cell.units))

    def call(self, inputs):
        """Logits of shape (batch, time, classes)."""

        def step(projected, state):
            done, state = self.cell.step(projected, state)
            return done.hidden, state

        hidden, _ = scan(step, *self._begin(inputs))
        return self.answer(ops.swapaxes(hidden, 0, 1))

    def shown(self, tokens):
        """What the controller sees of tokens, shape (..., channels)."""
        one_hot = ops.one_hot(ops.cast(tokens, "int32") - 1, self.num_tokens)
        return self.embed(one_hot) if self.embed else one_hot

    def answer(self, hidden):
        """Logits of the controller's outputs."""
        return self.to_logits(self.squash(hidden) if self.squash else hidden)

    def trace(self, inputs, *, pushes=None, pops=None):
        """Run and keep what happened: a `Trace`.

        Args:
            inputs: tokens, shape (batch, time).
            pushes, pops: strengths to take in place of the controller's own, shape
                (batch, time, ends), or None.
        """
        projected, state = self._begin(inputs)
        given = {"pushes": pushes, "pops": pops}
        given = {
            name: ops.swapaxes(ops.cast(value, "float32"), 0, 1)
            for name, value in given.items()
            if value is not None
        }

        def step(at, state):
            projected, given = at

            def change(signals):
                return signals._replace(
                    **{
                        name: tf.split(value, value.shape[-1], axis=-1)
                        for name, value in given.items()
                    }
                )

            return self.cell.step(projected, state, change)

        done, _ = scan(step, (projected, given), state)
        hidden, *rest = Done(*(ops.swapaxes(part, 0, 1) for part in done))
        return Trace(self.answer(hidden), *rest)

    def generate(self, inputs):
        """Classes answered at every step, where answers may be the next inputs.

        Args:
            inputs: tokens, shape (batch, time); `OWN_ANSWER` stands for the symbol that
                was answered in the step before.

        Returns:
            Whole numbers, shape (batch, time).
        """
        inputs = ops.cast(inputs, "int32")
        _, state = self._begin(inputs)

        def step(tokens, state):
            before, state = state
            tokens = tf.where(tokens == OWN_ANSWER, before + 1, tokens)
            done, state = self.cell.step(self.cell.project(self.shown(tokens)), state)
            best = ops.cast(ops.argmax(self.answer(done.hidden), -1), "int32")
            return best, (best, state)

        blank = ops.zeros_like(inputs[:, 0])
        answers, _ = scan(step, ops.swapaxes(inputs, 0, 1), (blank, state))
        return ops.swapaxes(answers, 0, 1)

    def _begin(self, inputs):
        """(projected inputs with time first, the first state), as `scan` wants them."""
        projected = self.cell.project(self.shown(inputs))
        size, time = ops.shape(inputs)
        state = self.cell.get_initial_state(size, capacity=time)
        return ops.swapaxes(projected, 0, 1), state

    def export(self, filepath, **options):
        """Write an artefact that takes tokens as int32 of shape (batch, time)."""
        tokens = keras.InputSpec(shape=(None, None), dtype="int32")
        super().export(filepath, **{"input_signature": [tokens]} | options)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The mean over sequences of `theory.answer_loss`, in nats per symbol."""
        if not isinstance(y, (tuple, list)) or len(y) != 2:
            raise UserError(
                "the loss needs the mask of the answer. Allowed: y=(classes, mask)."
            )
        labels, mask = ops.cast(y[0], "int32"), ops.cast(y[1], "float32")
        logits = ops.cast(y_pred, "float32")
        right = ops.cast(ops.equal(ops.argmax(logits, -1), y[0]), "float32")
        shares = tf.math.divide_no_nan(ops.sum(right * mask, 1), ops.sum(mask, 1))
        self.right_metric.update_state(shares, sample_weight)
        losses = theory.answer_loss(labels, logits, mask)
        return runtime.batch_loss(losses, sample_weight)

    def get_config(self):
        """The arguments of the constructor; the cell as a Keras object."""
        names = ("num_tokens", "num_classes", "embedding", "output_layer")
        cell = keras.saving.serialize_keras_object(self.cell)
        own = {name: getattr(self, name) for name in names}
        return super().get_config() | {"cell": cell} | own

    @classmethod
    def from_config(cls, config):
        """The model of a configuration that `get_config` made."""
        cell = keras.saving.deserialize_keras_object(config.pop("cell"))
        return cls(cell, **config)
