"""Networks: a language model of characters, and one for tasks with a time lag."""

import keras
import tensorflow as tf
from keras import layers, ops

from lessons.foundations.lstm import cells
from lessons.foundations.lstm.layers import LSTM
from lessons.toolkit.errors import UserError, unknown


@keras.saving.register_keras_serializable("lessons")
class CharModel(keras.Model):
    """Logits of the next character, for every prefix of a text.

    Args:
        size: V, characters in the vocabulary.
        units: memory cells of each layer.
        embedding_dim: size of a character's vector; None means one-hot.
        dropout: share of each layer's outputs dropped in training.
        streams: number of texts trained side by side whose state is carried from one
            batch to the next; None means that every batch starts afresh.
        init_scale: weights are uniform in [-s, s]; None means Keras's defaults.
        cell: other arguments of `layers.LSTM`, such as `peephole`.
        **kwargs: for `keras.Model`.
    """

    def __init__(
        self,
        size,
        units=(128,),
        embedding_dim=32,
        dropout=0.0,
        streams=None,
        init_scale=None,
        cell=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not units:
            raise UserError("units must name at least one layer, got none.")
        self.size, self.units, self.embedding_dim = size, tuple(units), embedding_dim
        self.dropout_rate, self.streams = dropout, streams
        self.init_scale, self.cell_options = init_scale, dict(cell or {})
        options, uniform = dict(self.cell_options), {}
        if init_scale is not None:
            uniform = {"initializer": _uniform(init_scale)}
            options |= {
                f"{name}_initializer": _uniform(init_scale)
                for name in ("kernel", "recurrent")
            }
        self.embedding = None
        if embedding_dim is not None:
            self.embedding = layers.Embedding(
                size,
                embedding_dim,
                name="embedding",
                **_prefixed("embeddings", uniform),
            )
        self.lstms = [
            LSTM(
                n, return_sequences=True, return_state=True, name=f"lstm_{i}", **options
            )
            for i, n in enumerate(self.units)
        ]
        self.dropout = layers.Dropout(dropout)
        self.head = layers.Dense(
            size, name="logits", dtype="float32", **_prefixed("kernel", uniform)
        )
        self.carried = None

    def build(self, input_shape):
        """Make the weights for characters of shape (batch, T)."""
        if self.embedding is not None:
            self.embedding.build(input_shape)
        width = self.embedding_dim or self.size
        for lstm in self.lstms:
            lstm.build((*input_shape, width))
            width = lstm.cell.units
        self.head.build((*input_shape, width))
        if self.streams:
            # Plain TensorFlow variables: state, neither saved nor counted as weights.
            shape = self.streams, 2 * sum(self.units)
            zeros = tf.zeros(shape, self.compute_dtype)
            self.carried = tf.Variable(zeros, trainable=False, name="carried")
        self.built = True

    def call(self, ids, training=False):
        """Logits of shape (batch, T, V) for characters of shape (batch, T)."""
        if not (training and self.streams):
            return self.unroll(ids, training=training)[0]
        state = tf.split(self.carried, [n for n in self.units for _ in "hc"], axis=1)
        logits, state = self.unroll(ids, _pairs(state), training)
        state = tf.concat([part for pair in state for part in pair], axis=1)
        self.carried.assign(state)
        return logits

    def reset(self):
        """Let the streams start again from the first state."""
        if self.streams and self.carried is not None:
            first = [part for pair in self.first_state(self.streams) for part in pair]
            self.carried.assign(tf.concat(first, axis=1))

    def first_state(self, batch):
        """The state before the first character: a pair (h, c) for each layer."""
        return [lstm.first_state(batch) for lstm in self.lstms]

    def unroll(self, ids, state=None, training=False):
        """Read a text from a given state.

        Args:
            ids: characters, shape (batch, T).
            state: a pair (h, c) for each layer; None for the first state.
            training: whether to drop outputs.

        Returns:
            (logits, state): shape (batch, T, V), and the state after the last one.
        """
        x, last = self._vectors(ids), []
        for i, lstm in enumerate(self.lstms):
            x, h, c = lstm(x, initial_state=None if state is None else state[i])
            x = self.dropout(x, training=training)
            last.append((h, c))
        return self.head(x), last

    def step(self, ids, state):
        """Read one character: (logits, state) from ids of shape (batch,)."""
        x, last = self._vectors(ids), []
        for lstm, pair in zip(self.lstms, state, strict=True):
            x, (h, c) = lstm.cell(x, list(pair))
            last.append((h, c))
        return self.head(x), last

    def _vectors(self, ids):
        if self.embedding is not None:
            return self.embedding(ids)
        return ops.one_hot(ids, self.size, dtype=self.compute_dtype)

    def get_config(self):
        """The arguments, for saving."""
        return {
            **super().get_config(),
            "size": self.size,
            "units": self.units,
            "embedding_dim": self.embedding_dim,
            "dropout": self.dropout_rate,
            "streams": self.streams,
            "init_scale": self.init_scale,
            "cell": self.cell_options,
        }


class CarryState(keras.callbacks.Callback):
    """Resets the carried state where an epoch begins: the text starts again."""

    def on_epoch_begin(self, epoch, logs=None):
        """Called by `fit`."""
        self.model.reset()


def lag_network(kind, input_shape, outputs, units=32, lag=60):
    """A network that reads a sequence and answers once, after its end.

    Args:
        kind: "rnn" (plain), "bias_B" (LSTM with forget bias B), "chrono" (LSTM with
            biases for lags up to `lag`) or "blocks_1997" (two cells in each block).
        input_shape: (T, size).
        outputs: numbers or logits to give.
        units: hidden units or cells.
        lag: steps, for "chrono".
    """
    if kind == "rnn":
        core = layers.SimpleRNN(units, name="core")
    elif kind == "chrono":
        core = LSTM(units, longest=lag, name="core")
    elif kind == "blocks_1997":
        core = layers.RNN(cells.BlockCell1997(max(1, units // 2)), name="core")
    elif kind.startswith("bias_"):
        core = LSTM(units, forget_bias=float(kind.removeprefix("bias_")), name="core")
    else:
        raise unknown("network", kind, ("rnn", "bias_1", "chrono", "blocks_1997"))
    return keras.Sequential(
        [keras.Input(input_shape), core, layers.Dense(outputs, name="answer")],
        name=kind.replace(".", "_"),
    )


def _uniform(scale):
    return keras.initializers.RandomUniform(-scale, scale)


def _prefixed(name, options):
    return {f"{name}_{key}": value for key, value in options.items()}


def _pairs(parts):
    return list(zip(parts[::2], parts[1::2], strict=True))
